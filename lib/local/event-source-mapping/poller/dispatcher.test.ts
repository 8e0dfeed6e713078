import { setImmediate, setTimeout as pause } from 'node:timers/promises';
import { Containers } from '../delivery/containers.ts';
import type { BatchPart } from '../delivery/delivery.ts';
import { PartitionProgress } from '../delivery/partition-progress.ts';
import { eventually } from '../testing/eventually.ts';
import { AssignedPartition } from './assigned-partition.ts';
import { Dispatcher } from './dispatcher.ts';

/** Three partitions, and a function with one container, whose calls end when the test says so. */
function dispatching() {
  const calls: string[][] = [];
  let running: PromiseWithResolvers<void> | undefined;
  const containers = {
    get hasFree() {
      return running === undefined;
    },
    untilFree: async () => running?.promise,
  };
  const dispatcher = new Dispatcher({
    limits: { batchSize: 100, batchWindowMs: 0, eventBytes: 1e6, partitionBytes: () => 0 },
    partitionsPerCall: 'all',
    containers,
    deliver: async (parts: readonly BatchPart[]) => {
      calls.push(
        parts.flatMap(({ records }) => records.map(({ partition, offset }) => `${partition}/${offset}`)),
      );
      running = Promise.withResolvers();
      await running.promise;
    },
    onSpace: () => undefined,
  });
  const ports = { commit: () => Promise.resolve(), problem: () => undefined };
  const partitions = [0, 1, 2].map((index) => new AssignedPartition(new PartitionProgress(index, 0, ports)));
  for (const partition of partitions) dispatcher.add(partition, undefined);
  const receive = (index: number, offset: number) => {
    const record = { partition: index, offset, timestampMs: 0, packed: '', bytes: 10 };
    dispatcher.receive(partitions[index] as AssignedPartition, [record], offset + 1);
  };
  const endCall = () => {
    const ended = running;
    running = undefined;
    ended?.resolve();
  };
  return { dispatcher, calls, receive, endCall };
}

it('when the function is busy, what arrives in the meantime goes to it in one call, whatever its partition', async () => {
  const { dispatcher, calls, receive, endCall } = dispatching();
  receive(0, 0);
  await eventually('the first call', () => calls.length === 1);
  receive(1, 0);
  await setImmediate();
  receive(2, 0);
  receive(0, 1);
  await setImmediate();
  expect(calls).toEqual([['0/0']]);
  endCall();
  await eventually('the second call', () => calls.length === 2);
  expect(calls[1]?.toSorted()).toEqual(['0/1', '1/0', '2/0']);
  endCall();
  dispatcher.stop();
});

it('when a container is free, a record is delivered at once, and nothing holds the next fetch', async () => {
  const { dispatcher, calls, receive, endCall } = dispatching();
  expect(dispatcher.isOpen).toBe(true);
  receive(2, 7);
  await eventually('the call', () => calls.length === 1);
  expect(dispatcher.isOpen).toBe(false);
  endCall();
  await eventually('the container to be free', () => dispatcher.isOpen);
  dispatcher.stop();
});

it('when the function stays busy, a held fetch goes on after its time; else with the next call', async () => {
  const { dispatcher, calls, receive, endCall } = dispatching();
  receive(0, 0);
  await eventually('the call', () => calls.length === 1);
  await dispatcher.untilNextDispatch(10);
  expect(calls).toHaveLength(1);
  receive(1, 0);
  const held = dispatcher.untilNextDispatch(60_000);
  endCall();
  await held;
  expect(calls).toHaveLength(2);
  endCall();
  dispatcher.stop();
});

/** Longer than a tick of the clock, so that records of different calls arrive at different times. */
const callMs = 3;

/** A dispatcher whose partitions have no end of full batches. */
function endless(containers: Containers, name: string, calls: string[], partitionsPerCall: 'all' | 'one') {
  const dispatcher = new Dispatcher({
    limits: { batchSize: 1, batchWindowMs: 0, eventBytes: 1e6, partitionBytes: () => 0 },
    partitionsPerCall,
    containers,
    deliver: (parts) =>
      containers.use(async () => {
        calls.push(...parts.map(({ progress }) => `${name}${progress.partition}`));
        await pause(callMs);
      }),
    onSpace: (partition) => {
      receive(partition, partition.buffer.endOffset);
    },
  });
  const receive = (partition: AssignedPartition, offset: number) => {
    const record = { partition: partition.partition, offset, timestampMs: 0, packed: '', bytes: 10 };
    dispatcher.receive(partition, [record], offset + 1);
  };
  const ports = { commit: () => Promise.resolve(), problem: () => undefined };
  for (const index of [0, 1, 2]) {
    const partition = new AssignedPartition(new PartitionProgress(index, 0, ports));
    dispatcher.add(partition, undefined);
    receive(partition, 0);
  }
  return dispatcher;
}

const busyMachine = async () => {
  await setImmediate();
  return false;
};

it('when a mapping has a backlog, other mappings and retries of the same function get their turn', async () => {
  const containers = new Containers(busyMachine);
  const calls: string[] = [];
  const dispatchers = ['a', 'b'].map((name) => endless(containers, name, calls, 'all'));
  await eventually('some calls', () => calls.length > 10);
  await containers.use(() => Promise.resolve(calls.push('retry')));
  for (const dispatcher of dispatchers) dispatcher.stop();
  const shares = calls.slice(0, 10).filter((call) => call.startsWith('b')).length;
  expect(shares).toBeGreaterThanOrEqual(4);
  expect(calls).toContain('retry');
});

it('when partitions are called one by one and all have a backlog, each gets its turn', async () => {
  const calls: string[] = [];
  const dispatcher = endless(new Containers(busyMachine), 'a', calls, 'one');
  await eventually('some calls', () => calls.length >= 12);
  dispatcher.stop();
  for (const name of ['a0', 'a1', 'a2']) {
    expect(calls.slice(0, 12).filter((call) => call === name).length).toBeGreaterThanOrEqual(3);
  }
});
