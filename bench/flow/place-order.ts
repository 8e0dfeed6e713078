import { order } from './load.ts';

/**
 * Places one order over HTTP.
 * @param url the service's
 * @returns the order's id, and when the request was sent, in ms since 1970
 */
export async function placeOrder(url: string): Promise<{ orderId: number; sentAt: number }> {
  const sentAt = Date.now();
  const response = await fetch(`${url}/api/orders`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(order),
  });
  if (response.status !== 201) throw new Error(`POST /api/orders was answered with ${response.status}.`);
  const { orderId } = (await response.json()) as { orderId: number };
  return { orderId, sentAt };
}
