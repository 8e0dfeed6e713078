import { availableOf, type Stock } from './reservation.ts';

/** Stock as the API shows it. */
export function stockView(stock: Stock) {
  return { ...stock, available: availableOf(stock) };
}
