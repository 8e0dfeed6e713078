import { deadLetterTopicOf } from '../lib/contracts/contract.ts';
import { orderCreated } from '../lib/contracts/order-created.ts';
import { topics } from '../lib/contracts/topics.ts';
import { createPublisher } from '../lib/kafka/publisher.ts';
import { closeClients } from '../lib/local/stack/invoke-local.ts';
import { createDatabase } from '../lib/postgres/database.ts';
import { setScene, type Scene } from './crash/scene.ts';
import { settle } from './crash/settled.ts';
import { lagOf, readTopics } from './support/topics.ts';
import { waitFor } from './support/wait.ts';

let scene: Scene;

beforeAll(async () => {
  scene = await setScene();
}, 120_000);

afterAll(async () => {
  await closeClients();
  await scene.stop();
});

const postOrder = () =>
  fetch(`${scene.url}/api/orders`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ userId: 42, items: [{ sku: 'ABC-001', qty: 1 }] }),
  });

const settled = (deadlineMs: number) => settle(createDatabase(scene.databaseUrl), scene.brokers, deadlineMs);

async function deadLetters() {
  return readTopics(
    scene.brokers,
    topics.filter((topic) => topics.includes(deadLetterTopicOf(topic))).map(deadLetterTopicOf),
  );
}

describe('when Kafka stops', () => {
  it('orders are still accepted, in under 100 ms after the first timeout, and settled within 90 s of its return', async () => {
    await postOrder();
    expect(await settled(30_000)).toBeUndefined();
    const durations: number[] = [];
    await scene.broker.kill(async () => {
      expect((await postOrder()).status).toBe(201);
      for (let count = 0; count < 20; count += 1) {
        const startedAt = performance.now();
        expect((await postOrder()).status).toBe(201);
        durations.push(performance.now() - startedAt);
      }
    });
    // One of the twenty may coincide with a pause of this busy machine.
    expect(durations.sort((a, b) => a - b).at(-2)).toBeLessThan(100);
    expect(await settled(90_000)).toBeUndefined();
    expect(scene.service.faints).toBe(0);
  }, 240_000);
});

describe('when PostgreSQL stops', () => {
  it('orders are refused with 503 and Retry-After, and records in Kafka wait without being dead-lettered', async () => {
    const publisher = createPublisher({ brokers: scene.brokers });
    const outsideOrder = {
      orderId: 900_000_001,
      userId: 42,
      items: [{ sku: 'ABC-001', qty: 1 }],
      createdAt: new Date(),
    };
    await scene.database.kill(async () => {
      const response = await postOrder();
      expect(response.status).toBe(503);
      expect(response.headers.get('content-type')).toBe('application/problem+json');
      expect(Number(response.headers.get('retry-after'))).toBeGreaterThan(0);
      const topic = orderCreated.topic;
      await publisher.publish([
        { topic, key: '900000001', value: JSON.stringify(outsideOrder), headers: [] },
      ]);
      const isRedelivered = () => scene.serviceOutput().split('next try in').length > 4;
      await waitFor(isRedelivered, { deadlineMs: 60_000, what: 'the function to fail and be called again' });
      expect(await lagOf(scene.brokers, 'openorder-local-reserveInventory', topics)).toBe(1);
    });
    expect(await settled(90_000)).toBeUndefined();
    const outcomes = await readTopics(scene.brokers, ['inventory.reserved']);
    expect(outcomes.filter(({ key }) => key === '900000001')).toHaveLength(1);
    expect(await deadLetters()).toEqual([]);
    expect(scene.service.faints).toBe(0);
  }, 240_000);
});
