// npm run test:zips: deploys the production stage to a stand-in for AWS on this machine, and takes one order
// from POST to its mail through the packages that were deployed, each in AWS' own runtime emulator. Kafka
// requires TLS and SCRAM, PostgreSQL TLS, and every password comes from Secrets Manager. Needs Python 3.10,
// Go, a C++ compiler with make and cmake, Java and openssl.
import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import pg from 'pg';
import { logins } from '../../migrations/logins.ts';
import { type Cloud, openCloud } from './cloud.ts';
import type { Invocation } from './deployed-function.ts';
import { bearer, request } from './requests.ts';

interface HttpAnswer {
  readonly statusCode: number;
  readonly body: string;
}

const say = (sentence: string) => {
  console.log(sentence);
};

async function main(): Promise<void> {
  const cloud = await openCloud();
  try {
    await migrateTwice(cloud);
    const orderId = await placeOrder(cloud);
    await readOrder(cloud, orderId);
    await deadLetter(cloud);
    await othersAnswer(cloud);
    await rotateLogin(cloud, orderId);
    for (const line of cloud.timesByFunction()) say(line);
  } finally {
    await cloud.close();
  }
}

async function migrateTwice(cloud: Cloud): Promise<void> {
  const [first, second] = [await cloud.invoke('migrate', {}), await cloud.invoke('migrate', {})];
  const made = first.answer as Record<'migrations' | 'logins' | 'topics', string[]>;
  assert.deepEqual(made.logins, Object.keys(logins));
  assert.equal(made.topics.length, 10);
  assert.deepEqual(second.answer, { migrations: [], logins: [], topics: [], partitionMismatches: [] });
  say(
    `migrate: ${made.migrations.length} steps, ${made.logins.length} logins, ${made.topics.length} topics in ${first.milliseconds} ms; again, nothing in ${second.milliseconds} ms`,
  );
}

/** From POST to reserved, settled and mailed. */
async function placeOrder(cloud: Cloud): Promise<number> {
  const operator = await bearer(cloud.signingKey, { scope: 'operator:read operator:write', sub: 'op' });
  const customer = await bearer(cloud.signingKey, { sub: '42' });
  const stock = request('PUT', '/api/stock/ABC-001', operator, { sku: 'ABC-001' }, { onHand: 5 });
  assert.equal(http(await cloud.invoke('putStock', stock)).statusCode, 200);
  const contacts = request(
    'PUT',
    '/api/users/42/contacts',
    customer,
    { userId: '42' },
    { email: 'a@shop.example', locale: 'en' },
  );
  assert.ok(http(await cloud.invoke('putContacts', contacts)).statusCode < 300);

  const body = { userId: 42, items: [{ sku: 'ABC-001', qty: 2 }] };
  const placed = await cloud.invoke('createOrder', request('POST', '/api/orders', customer, {}, body));
  assert.equal(http(placed).statusCode, 201, http(placed).body);
  const { orderId } = JSON.parse(http(placed).body) as { orderId: number };
  const reserved = await cloud.deliver('order.created', 'reserveInventory');
  const settled = await cloud.deliver('inventory.reserved', 'settleOrder');
  const notified = await cloud.deliver('inventory.reserved', 'notify');
  for (const { answer } of [reserved, settled, notified])
    assert.deepEqual(answer, { handled: 1, deadLettered: [] });
  assert.equal(await cloud.sentMails(), 1);
  say(
    `order ${orderId}: createOrder ${placed.milliseconds} ms, reserveInventory ${reserved.milliseconds} ms, settleOrder ${settled.milliseconds} ms, notify ${notified.milliseconds} ms, all of them first calls`,
  );

  const again = await cloud.invoke('createOrder', request('POST', '/api/orders', customer, {}, body));
  assert.equal(http(again).statusCode, 201);
  const warm = [
    await cloud.deliver('order.created', 'reserveInventory'),
    await cloud.deliver('inventory.reserved', 'settleOrder'),
  ];
  say(`the next order: ${[again, ...warm].map(({ milliseconds }) => `${milliseconds} ms`).join(', ')}`);
  return orderId;
}

async function readOrder(cloud: Cloud, orderId: number): Promise<void> {
  const customer = await bearer(cloud.signingKey, { sub: '42' });
  const read = request('GET', `/api/orders/${orderId}`, customer, { orderId: String(orderId) });
  const { statusCode, body } = http(await cloud.invoke('getOrder', read));
  assert.deepEqual([statusCode, (JSON.parse(body) as { status: string }).status], [200, 'CONFIRMED']);
  const stranger = { ...read, headers: { authorization: await bearer(cloud.signingKey, { sub: '43' }) } };
  assert.equal(http(await cloud.invoke('getOrder', stranger)).statusCode, 404);
  assert.equal(http(await cloud.invoke('getOrder', { ...read, headers: {} })).statusCode, 401);
  say(`order ${orderId} is CONFIRMED; another customer gets 404, nobody 401`);
}

/** A record that no function can read ends in the archive. */
async function deadLetter(cloud: Cloud): Promise<void> {
  await cloud.publish('order.created', 'no JSON');
  await cloud.deliver('order.created', 'reserveInventory');
  await cloud.deliver('order.created.DLT', 'archiveDeadLetter');
  const operator = await bearer(cloud.signingKey, { scope: 'operator:read', sub: 'op' });
  const listed = http(await cloud.invoke('listDeadLetters', request('GET', '/api/dead-letters', operator)));
  assert.equal(listed.statusCode, 200, listed.body);
  assert.match(listed.body, /"originalTopic":"order\.created"/);
  say('a broken record is dead-lettered, archived and listed');
}

/** One function of each other kind. */
async function othersAnswer(cloud: Cloud): Promise<void> {
  const operator = await bearer(cloud.signingKey, { scope: 'operator:read', sub: 'op' });
  const relayed = await cloud.invoke('relayOutbox', {});
  assert.deepEqual(relayed.answer, { published: 0 });
  const expected: [key: string, path: string, status: number][] = [
    ['listTopics', '/api/topics', 200],
    ['getFlow', '/api/flow', 200],
    ['console', '/console', 200],
    ['getOpenapi', '/api/openapi.json', 200],
    ['notFound', '/nothing', 404],
  ];
  for (const [key, path, status] of expected) {
    const { statusCode, body } = http(await cloud.invoke(key, request('GET', path, operator)));
    assert.equal(statusCode, status, `${key}: ${body.slice(0, 300)}`);
  }
  say('schedule, topics, flow, console, documents and unknown paths answer');
}

/** What a warm function does when its password changes: in the secret first, then in PostgreSQL. */
async function rotateLogin(cloud: Cloud, orderId: number): Promise<void> {
  const customer = await bearer(cloud.signingKey, { sub: '42' });
  const read = request('GET', `/api/orders/${orderId}`, customer, { orderId: String(orderId) });
  const arn = cloud.settingOf('getOrder', 'DATABASE_SECRET_ARN');
  const { username } = await cloud.secrets.read(arn);
  await cloud.secrets.replace(arn, { username, password: randomUUID() });
  const kept = await cloud.invoke('getOrder', read);
  assert.equal(http(kept).statusCode, 200);

  const { answer } = await cloud.invoke('migrate', {});
  assert.deepEqual(answer, { migrations: [], logins: ['order'], topics: [], partitionMismatches: [] });
  await endSessions(cloud, username);
  const recovered = await cloud.invoke('getOrder', read);
  assert.equal(http(recovered).statusCode, 200, http(recovered).body);
  const next = await cloud.invoke('getOrder', read);
  say(
    `rotation: with the new secret and the old password a warm getOrder keeps working (${kept.milliseconds} ms); after migrate and with its connection ended it answers 200 on the first try (${recovered.milliseconds} ms), then in ${next.milliseconds} ms`,
  );
}

async function endSessions(cloud: Cloud, role: string): Promise<void> {
  const admin = new pg.Client({ connectionString: cloud.databaseUrl });
  await admin.connect();
  await admin.query('SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = $1', [role]);
  await admin.end();
}

function http({ answer }: Invocation): HttpAnswer {
  assert.ok(typeof answer === 'object' && answer !== null && 'statusCode' in answer, JSON.stringify(answer));
  return answer as HttpAnswer;
}

try {
  await main();
} catch (error) {
  console.error(error);
  process.exitCode = 1;
}
