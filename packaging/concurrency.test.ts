import { type DatabaseFunction, reservedConcurrency } from './concurrency.ts';

const functions: DatabaseFunction[] = [
  { key: 'createOrder', topics: 0, callers: 'customers' },
  { key: 'getOrder', topics: 0, callers: 'customers' },
  { key: 'cancelOrder', topics: 0, callers: 'customers' },
  { key: 'putStock', topics: 0, callers: 'operators' },
  { key: 'settleOrder', topics: 2, callers: undefined },
  { key: 'relayOutbox', topics: 0, callers: undefined },
];

describe('the reserved concurrency', () => {
  it('when a budget is given, then triggers have a container per partition, and the rest is shared', () => {
    // 40 less 5 kept back, 6 of the trigger, 2 of the operators' route and 1 of the schedule: 26 for 6
    // shares.
    expect(Object.fromEntries(reservedConcurrency(functions, { connections: 40, partitions: 3 }))).toEqual({
      settleOrder: 6,
      relayOutbox: 1,
      putStock: 2,
      createOrder: 17,
      getOrder: 4,
      cancelOrder: 4,
    });
  });

  it.each([20, 21, 37, 100, 1_000])(
    'when PostgreSQL takes %i connections, then all containers together leave 5',
    (connections) => {
      const reserved = [...reservedConcurrency(functions, { connections, partitions: 3 }).values()];
      expect(reserved.reduce((sum, containers) => sum + containers, 0)).toBeLessThanOrEqual(connections - 5);
      expect(Math.min(...reserved)).toBeGreaterThanOrEqual(1);
    },
  );

  it('when the budget is too small for one container of each route, then a sentence says what would do', () => {
    expect(() => reservedConcurrency(functions, { connections: 19, partitions: 3 })).toThrow(
      'databaseConnections=19 is too small: with 3 partitions per topic 14 connections are taken before any ' +
        "customer's request, and customers' routes need at least 6. Give at least 20.",
    );
  });
});
