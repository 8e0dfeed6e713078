import type { Bed } from '../service/bed.ts';

/** Places one order over HTTP. @returns its id, and when the request was sent, in ms since 1970 */
export async function placeOrder({ ports }: Bed): Promise<{ orderId: number; sentAt: number }> {
  const sentAt = Date.now();
  const response = await fetch(`http://127.0.0.1:${ports.http}/api/orders`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ userId: 42, items: [{ sku: 'SKU-1', qty: 1 }] }),
  });
  if (response.status !== 201) throw new Error(`POST /api/orders was answered with ${response.status}.`);
  const { orderId } = (await response.json()) as { orderId: number };
  return { orderId, sentAt };
}
