import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { jest } from '@jest/globals';
import { TestBroker } from './testing/broker.ts';
import { eventually } from './testing/eventually.ts';
import { freshTopic, OfflineService, recordsOf, serviceOf, type Call } from './testing/offline-service.ts';

jest.setTimeout(60_000);

const broker = new TestBroker();
const noWait = { MaximumBatchingWindowInSeconds: 0 };
const services: OfflineService[] = [];

function newService(definition: Record<string, unknown>): OfflineService {
  const service = new OfflineService(definition);
  services.push(service);
  return service;
}

const groupOf = (functionKey: string, topic: string): string => `stranger-dev-${functionKey}-${topic}`;
const offsetsOf = (service: OfflineService, functionKey: string) => service.offsets(functionKey).flat();

const durationOf = (call: Call | undefined) => (call?.endedAt ?? NaN) - (call?.startedAt ?? NaN);

async function committed(
  functionKey: string,
  topic: string,
  offsets: number[],
  deadlineMs?: number,
): Promise<void> {
  await eventually(
    `${functionKey} has committed ${offsets.join()}`,
    async () => (await broker.committed(groupOf(functionKey, topic), topic)).join() === offsets.join(),
    deadlineMs,
  );
}

afterEach(async () => {
  await Promise.all(services.splice(0).map((service) => service.remove()));
});

describe('stopping and starting', () => {
  it('when it is stopped, it waits for the running call, commits it, and leaves the group at once', async () => {
    const topic = freshTopic('drained');
    await broker.createTopic(topic);
    const service = newService(serviceOf({ slow: { topic, handler: 'takeSeconds', extension: noWait } }));
    await service.start();
    await broker.send(topic, [{ value: '1' }]);
    await eventually('the call began', () => service.calls('slow').length === 1);
    expect(await service.stop('SIGINT')).toBe(0);
    expect(service.calls('slow')[0]?.endedAt).toBeDefined();
    expect(await broker.committed(groupOf('slow', topic), topic)).toEqual([1]);
    expect(await broker.members(groupOf('slow', topic))).toBe(0);
  });

  it('when nothing runs, it stops within a second', async () => {
    const topic = freshTopic('idle');
    await broker.createTopic(topic);
    const service = newService(serviceOf({ idle: { topic, handler: 'succeed' } }));
    await service.start();
    const stoppedAt = Date.now();
    expect(await service.stop('SIGTERM')).toBe(0);
    expect(Date.now() - stoppedAt).toBeLessThan(1000);
  });

  it('when it restarts, it continues where it was, whether it was stopped or killed during a call', async () => {
    const topic = freshTopic('resumed');
    await broker.createTopic(topic);
    const service = newService(
      serviceOf({
        slow: { topic, handler: 'takeSeconds', event: { batchSize: 1 }, extension: noWait },
      }),
    );
    await service.start();
    await broker.send(topic, [{ value: '1' }, { value: '2' }]);
    await eventually('the second call began', () => service.calls('slow').length === 2);
    await service.stop('SIGKILL');
    expect(await broker.committed(groupOf('slow', topic), topic)).toEqual([1]);
    await service.start();
    await broker.send(topic, [{ value: '3' }]);
    await committed('slow', topic, [3], 30_000);
    expect(offsetsOf(service, 'slow')).toEqual([0, 1, 1, 2]);
    await service.stop('SIGINT');
    await service.start();
    await broker.send(topic, [{ value: '4' }]);
    await committed('slow', topic, [4]);
    expect(offsetsOf(service, 'slow')).toEqual([0, 1, 1, 2, 3]);
  }, 90_000);

  it('when it is stopped while a batch waits for its window, the batch is not lost', async () => {
    const topic = freshTopic('waiting');
    await broker.createTopic(topic);
    const specs = { waits: { topic, handler: 'succeed', event: { maximumBatchingWindow: 300 } } };
    const service = newService(serviceOf(specs));
    await service.start();
    await broker.send(topic, [{ value: '1' }]);
    await service.stop('SIGINT');
    expect(service.calls('waits')).toEqual([]);
    service.write(serviceOf({ waits: { ...specs.waits, event: { maximumBatchingWindow: 1 } } }));
    await service.start();
    await committed('waits', topic, [1]);
    expect(offsetsOf(service, 'waits')).toEqual([0]);
  });
});

describe('reloading code', () => {
  it('when the host replaces its workers, the running call ends first, and the next one runs the new code', async () => {
    const topic = freshTopic('reloaded');
    await broker.createTopic(topic);
    const spec = { topic, handler: 'takeSeconds', event: { batchSize: 1 }, extension: noWait };
    const definition = serviceOf({ slow: spec });
    const service = newService({
      ...definition,
      plugins: [...(definition.plugins as string[]), './reload.mjs'],
    });
    // What serverless-esbuild does after a rebuild.
    const reload = `import { watchFile } from 'node:fs';
      export default class { constructor({ pluginManager }) {
        this.hooks = { 'before:offline:start:ready': () => watchFile('handlers.mjs', { interval: 50 }, () =>
          void pluginManager.spawn('offline:functionsUpdated')) };
      } }`;
    writeFileSync(join(service.folder, 'reload.mjs'), reload);
    await service.start();
    await broker.send(topic, [{ value: '1' }, { value: '2' }]);
    await eventually('the first call began', () => service.calls('slow').length === 1);
    const handlers = join(service.folder, 'handlers.mjs');
    writeFileSync(handlers, readFileSync(handlers, 'utf8').replaceAll('delay(3000)', 'delay(1)'));
    await committed('slow', topic, [2]);
    const [first, second, ...others] = service.calls('slow');
    expect(others).toEqual([]);
    expect(durationOf(first)).toBeGreaterThan(2500);
    expect(durationOf(second)).toBeLessThan(1000);
  });
});

describe('groups', () => {
  it('when a second process joins, partitions are shared; when one is killed, the other takes over in seconds', async () => {
    const topic = freshTopic('taken-over');
    await broker.createTopic(topic, 4);
    const specs = { shared: { topic, handler: 'succeed', extension: noWait } };
    const [first, second] = [newService(serviceOf(specs)), newService(serviceOf(specs))];
    await first.start();
    await second.start();
    const send = () =>
      broker.send(
        topic,
        [0, 1, 2, 3].map((partition) => ({ value: 'x', partition })),
      );
    await send();
    await committed('shared', topic, [1, 1, 1, 1]);
    expect(first.calls('shared').length).toBeGreaterThan(0);
    expect(second.calls('shared').length).toBeGreaterThan(0);
    await first.stop('SIGKILL');
    const killedAt = Date.now();
    await send();
    await committed('shared', topic, [2, 2, 2, 2], 15_000);
    expect(Date.now() - killedAt).toBeLessThan(12_000);
  });

  it('when a rebalance happens during a call, its records are not lost, and no process has two calls for a partition at once', async () => {
    const topic = freshTopic('rebalanced');
    await broker.createTopic(topic, 2);
    const specs = { slow: { topic, handler: 'takeSeconds', event: { batchSize: 1 }, extension: noWait } };
    const [first, second] = [newService(serviceOf(specs)), newService(serviceOf(specs))];
    await first.start();
    await broker.send(
      topic,
      [0, 1].flatMap((partition) => [
        { value: '1', partition },
        { value: '2', partition },
      ]),
    );
    await eventually('both partitions are being called', () => first.calls('slow').length === 2);
    await second.start();
    await committed('slow', topic, [2, 2], 30_000);
    for (const service of [first, second]) {
      const calls = service.calls('slow').toSorted((a, b) => a.startedAt - b.startedAt);
      for (const partition of [0, 1]) {
        const own = calls.filter((call) => recordsOf(call)[0]?.partition === partition);
        own.slice(1).forEach((call, index) => {
          expect(call.startedAt).toBeGreaterThanOrEqual(own[index]?.endedAt ?? Infinity);
        });
      }
    }
  });
});

describe('topics that change', () => {
  it('when a topic is created after the start, its trigger starts then, and the others did not wait for it', async () => {
    const [there, late] = [freshTopic('there'), freshTopic('late')];
    await broker.createTopic(there);
    const service = newService(
      serviceOf({
        onTime: { topic: there, handler: 'succeed', extension: noWait },
        later: { topic: late, handler: 'succeed', extension: noWait },
      }),
    );
    await service.start();
    expect(service.output).toMatch(/later ← .*the topic does not exist yet/);
    await broker.send(there, [{ value: '1' }]);
    await committed('onTime', there, [1]);
    await broker.createTopic(late);
    await broker.send(late, [{ value: '1' }]);
    await committed('later', late, [1]);
    expect(service.calls('later')).toHaveLength(1);
  });

  it('when partitions are added, their records are delivered, even with LATEST', async () => {
    const topic = freshTopic('growing');
    await broker.createTopic(topic, 1);
    const service = newService(
      serviceOf({
        grows: { topic, handler: 'succeed', event: { startingPosition: 'LATEST' }, extension: noWait },
      }),
    );
    await service.start();
    await broker.addPartitions(topic, 3);
    await broker.send(topic, [
      { value: 'a', partition: 2 },
      { value: 'b', partition: 1 },
    ]);
    await committed('grows', topic, [0, 1, 1], 40_000);
    expect(service.calls('grows').flatMap(recordsOf)).toHaveLength(2);
  });

  it('when a topic is deleted and recreated, its new records are delivered and committed', async () => {
    const topic = freshTopic('renewed');
    await broker.createTopic(topic);
    const service = newService(serviceOf({ renewed: { topic, handler: 'succeed', extension: noWait } }));
    await service.start();
    await broker.send(topic, [{ value: '0' }, { value: '1' }, { value: '2' }]);
    await committed('renewed', topic, [3]);
    await broker.deleteTopic(topic);
    await eventually('the topic is there again', () => broker.createTopic(topic).then(() => true));
    await broker.send(topic, [{ value: 'new' }]);
    await committed('renewed', topic, [1], 40_000);
    expect(offsetsOf(service, 'renewed')).toEqual([0, 1, 2, 0]);
  });

  it('when the committed offset is no longer in the log, reading continues from the earliest record', async () => {
    const topic = freshTopic('shortened');
    await broker.createTopic(topic);
    await broker.send(topic, [{ value: '0' }, { value: '1' }, { value: '2' }, { value: '3' }]);
    const group = groupOf('shortened', topic);
    await broker.commit(group, topic, [1]);
    await broker.deleteRecords(topic, 0, 3);
    const service = newService(serviceOf({ shortened: { topic, handler: 'succeed', extension: noWait } }));
    await service.start();
    await committed('shortened', topic, [4]);
    expect(offsetsOf(service, 'shortened')).toEqual([3]);
  });
});
