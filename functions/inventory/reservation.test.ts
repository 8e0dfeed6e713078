import fc from 'fast-check';
import { type Demand, planReservations, skusOf, sumBySku } from './reservation.ts';

const demand = (orderId: number, ...items: [sku: string, qty: number][]): Demand => ({
  orderId,
  userId: 42,
  items: items.map(([sku, qty]) => ({ sku, qty })),
});
const none = new Set<number>();
const decisions = (...args: Parameters<typeof planReservations>) =>
  planReservations(...args).decided.map(({ decision }) => decision);

describe('planning reservations', () => {
  it('when stock suffices, reserves every line', () => {
    const plan = planReservations([demand(1, ['A', 2])], [{ sku: 'A', onHand: 5, reserved: 3 }], none);
    expect(plan.decided[0]?.decision).toEqual({ status: 'RESERVED' });
    expect([...plan.reservedBySku]).toEqual([['A', 2]]);
  });

  it('when one line is short, reserves none of the order and names the short line', () => {
    const stock = [
      { sku: 'A', onHand: 5, reserved: 0 },
      { sku: 'B', onHand: 1, reserved: 0 },
    ];
    const plan = planReservations([demand(1, ['A', 2], ['B', 3])], stock, none);
    expect(plan.decided[0]?.decision).toEqual({
      status: 'REJECTED',
      reason: 'OUT_OF_STOCK',
      shortages: [{ sku: 'B', requested: 3, available: 1 }],
    });
    expect(plan.reservedBySku.size).toBe(0);
  });

  it('when a SKU is unknown, says so even if another is short', () => {
    const stock = [{ sku: 'A', onHand: 0, reserved: 0 }];
    expect(decisions([demand(1, ['A', 1], ['NOPE', 1])], stock, none)).toEqual([
      { status: 'REJECTED', reason: 'UNKNOWN_SKU' },
    ]);
  });

  it('when a SKU is named twice, counts the sum', () => {
    const stock = [{ sku: 'A', onHand: 3, reserved: 0 }];
    expect(decisions([demand(1, ['A', 2], ['A', 2])], stock, none)).toEqual([
      { status: 'REJECTED', reason: 'OUT_OF_STOCK', shortages: [{ sku: 'A', requested: 4, available: 3 }] },
    ]);
  });

  it('when two orders want the last unit, the first gets it', () => {
    const stock = [{ sku: 'A', onHand: 1, reserved: 0 }];
    expect(
      decisions([demand(1, ['A', 1]), demand(2, ['A', 1])], stock, none).map(({ status }) => status),
    ).toEqual(['RESERVED', 'REJECTED']);
  });

  it('when an order was cancelled before it arrived, rejects it and leaves the stock to others', () => {
    const stock = [{ sku: 'A', onHand: 1, reserved: 0 }];
    expect(decisions([demand(1, ['A', 1]), demand(2, ['A', 1])], stock, new Set([1]))).toEqual([
      { status: 'REJECTED', reason: 'ORDER_CANCELLED' },
      { status: 'RESERVED' },
    ]);
  });

  it('whatever is demanded, never reserves more than is available, and reserves exactly what it decided', () => {
    const item = fc.record({
      sku: fc.constantFrom('A', 'B', 'C', 'UNKNOWN'),
      qty: fc.integer({ min: 1, max: 5 }),
    });
    const demands = fc.array(fc.array(item, { minLength: 1, maxLength: 4 }), { maxLength: 20 });
    const onHand = fc.tuple(fc.nat(20), fc.nat(20), fc.nat(20));
    fc.assert(
      fc.property(demands, onHand, (orders, [a, b, c]) => {
        const stock = [
          { sku: 'A', onHand: a, reserved: 0 },
          { sku: 'B', onHand: b, reserved: 0 },
          { sku: 'C', onHand: c, reserved: 0 },
        ];
        const plan = planReservations(
          orders.map((items, index) => ({ orderId: index, userId: 1, items })),
          stock,
          none,
        );
        for (const { sku, onHand: limit } of stock) {
          expect(plan.reservedBySku.get(sku) ?? 0).toBeLessThanOrEqual(limit);
        }
        const met = plan.decided.filter(({ decision }) => decision.status === 'RESERVED');
        expect(new Map(plan.reservedBySku)).toEqual(sumBySku(met.flatMap((one) => one.demand.items)));
      }),
    );
  });
});

describe('SKUs to lock', () => {
  it('when orders share SKUs, names each once and always in the same order', () => {
    expect(skusOf([demand(1, ['B', 1], ['A', 1]), demand(2, ['C', 1], ['A', 1])])).toEqual(['A', 'B', 'C']);
  });
});
