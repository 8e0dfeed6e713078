import { BrokerUnavailableError, DatabaseUnavailableError } from '../../lib/errors.ts';
import { environment } from '../../test/support/environment.ts';
import { record } from '../../test/support/record.ts';
import type { Cause } from './dead-letter-store.ts';

environment();
const { getFlow } = await import('./get-flow.ts');

const topic = 'order.created';
const consumerGroup = 'openorder-local-reserveInventory-order.created';
const trigger = { function: 'reserveInventory', topic, consumerGroup };
const at = Date.parse('2026-11-22T10:01:00Z');

const reader = {
  ranges: () =>
    Promise.resolve(
      new Map([
        [
          topic,
          [
            { partition: 0, start: 0, end: 130 },
            { partition: 1, start: 10, end: 10 },
          ],
        ],
      ]),
    ),
  offsetsAt: () =>
    Promise.resolve(
      new Map([
        [
          topic,
          new Map([
            [0, 10],
            [1, 10],
          ]),
        ],
      ]),
    ),
  committed: () => Promise.resolve(new Map([[0, 100]])),
  read: () => Promise.resolve({ records: [{ ...record(topic, {}), timestamp: at - 4_200 }], next: 101 }),
};
const cause: Cause = {
  originalTopic: topic,
  consumerGroup,
  exceptionClass: 'FaultInjectedError',
  causeClass: null,
  status: 'NEW',
  count: 2,
  oldest: new Date(0),
  newest: new Date(0),
  message: null,
  trend: [],
};
const store = { causes: () => Promise.resolve([cause, { ...cause, consumerGroup: 'another', count: 5 }]) };
const dependencies = { triggers: [trigger], reader, store, now: () => at };

describe('the flow', () => {
  it('when a trigger is behind, says by how many records, for how long, and what failed', async () => {
    const { body } = await getFlow(dependencies)();
    expect(body).toEqual({
      triggers: [
        {
          ...trigger,
          ratePerSecond: 2,
          lagRecords: 30,
          lagSeconds: 4.2,
          deadLetters: 2,
          partitions: [
            { partition: 0, committed: 100, end: 130 },
            { partition: 1, committed: null, end: 10 },
          ],
        },
      ],
      unavailable: [],
    });
  });

  it('when a group has read everything, its lag is 0', async () => {
    const caughtUp = { ...reader, committed: () => Promise.resolve(new Map([[0, 130]])) };
    const { body } = await getFlow({ ...dependencies, reader: caughtUp })();
    expect(body).toMatchObject({ triggers: [{ lagRecords: 0, lagSeconds: 0 }] });
  });

  it('when Kafka is down, what only Kafka knows is null, and dead letters are still counted', async () => {
    const down = { ...reader, ranges: () => Promise.reject(new BrokerUnavailableError('down')) };
    const { body } = await getFlow({ ...dependencies, reader: down })();
    expect(body).toMatchObject({
      triggers: [{ ratePerSecond: null, lagRecords: null, lagSeconds: null, deadLetters: 2 }],
      unavailable: ['kafka'],
    });
  });

  it('when PostgreSQL is down, the number of dead letters is null, and the lag is still measured', async () => {
    const down = { causes: () => Promise.reject(new DatabaseUnavailableError('down')) };
    const { body } = await getFlow({ ...dependencies, store: down })();
    expect(body).toMatchObject({
      triggers: [{ lagRecords: 30, deadLetters: null }],
      unavailable: ['postgresql'],
    });
  });
});
