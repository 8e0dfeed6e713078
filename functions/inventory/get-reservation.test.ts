import { environment } from '../../test/support/environment.ts';
import { emptyRequest } from '../../test/support/request.ts';
import type { Reservation } from './reservation.ts';

environment();
const { getReservation } = await import('./get-reservation.ts');

const reservation: Reservation = {
  orderId: 7,
  userId: 42,
  status: 'REJECTED',
  items: [{ sku: 'ABC-001', qty: 3 }],
  reason: 'OUT_OF_STOCK',
  shortages: [{ sku: 'ABC-001', requested: 3, available: 1 }],
  decidedAt: new Date(0),
};

describe('GET /api/reservations/{orderId}', () => {
  const asked: number[] = [];
  const handle = getReservation({
    store: {
      findReservation: (orderId) => {
        asked.push(orderId);
        return Promise.resolve(orderId === 7 ? reservation : undefined);
      },
    },
  });
  const get = (orderId: string) => handle(emptyRequest({ pathParameters: { orderId } }));

  it('when inventory has decided, shows what and why', async () => {
    expect(await get('7')).toEqual({ status: 200, body: reservation });
  });

  it('when inventory does not know the order, answers 404', async () => {
    await expect(get('8')).rejects.toMatchObject({ status: 404 });
    expect(asked).toContain(8);
  });

  it.each(['abc', '0', '-7', '7.0', '007', '99999999999999999999'])(
    'when the id is %s, answers 404 without asking the store',
    async (id) => {
      const before = asked.length;
      await expect(get(id)).rejects.toMatchObject({ status: 404 });
      expect(asked).toHaveLength(before);
    },
  );
});
