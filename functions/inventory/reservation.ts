import type { RejectionReason, Shortage } from '../../lib/contracts/inventory-rejected.ts';
import type { OrderItem } from '../../lib/contracts/order-item.ts';

/** Units of one SKU: on hand, and how many of those are reserved. */
export interface Stock {
  readonly sku: string;
  readonly onHand: number;
  readonly reserved: number;
}

/** What an order demands of inventory. */
export interface Demand {
  readonly orderId: number;
  readonly userId: number;
  readonly items: readonly OrderItem[];
}

/** What was decided for a demand. `shortages` is present only with `OUT_OF_STOCK`. */
export type Decision =
  | { readonly status: 'RESERVED' }
  | {
      readonly status: 'REJECTED';
      readonly reason: RejectionReason;
      readonly shortages?: readonly Shortage[];
    };

/**
 * An order's status in inventory: reserved or rejected at first, released after a cancel. CANCELLED means
 * that the cancel arrived before the order.
 */
export const reservationStatuses = ['RESERVED', 'REJECTED', 'RELEASED', 'CANCELLED'] as const;
export type ReservationStatus = (typeof reservationStatuses)[number];

/** What inventory knows of an order. If the cancel came first, there are no items until the order arrives. */
export interface Reservation {
  readonly orderId: number;
  readonly userId: number;
  readonly status: ReservationStatus;
  readonly items?: readonly OrderItem[];
  /** Why nothing was reserved; `shortages` is present only with `OUT_OF_STOCK`. */
  readonly reason?: RejectionReason;
  readonly shortages?: readonly Shortage[];
  readonly decidedAt?: Date;
  readonly releasedAt?: Date;
}

/** A demand and what was decided for it. */
export interface Decided {
  readonly demand: Demand;
  readonly decision: Decision;
}

/** Decisions in the order of the demands, and the units to add to each SKU's reserved ones. */
export interface Plan {
  readonly decided: readonly Decided[];
  readonly reservedBySku: ReadonlyMap<string, number>;
}

/** Whether two demands are the same order: an order's user and items never change. */
export function isSameDemand(one: Demand, other: Demand): boolean {
  const hasItem = ({ sku, qty }: OrderItem, index: number) =>
    other.items[index]?.sku === sku && other.items[index].qty === qty;
  return (
    one.orderId === other.orderId &&
    one.userId === other.userId &&
    one.items.length === other.items.length &&
    one.items.every(hasItem)
  );
}

/** The available units of one SKU. */
export function availableOf({ onHand, reserved }: Stock): number {
  return onHand - reserved;
}

/** Quantities summed by SKU, in order of first mention. */
export function sumBySku(items: readonly OrderItem[]): ReadonlyMap<string, number> {
  const quantities = new Map<string, number>();
  for (const { sku, qty } of items) quantities.set(sku, (quantities.get(sku) ?? 0) + qty);
  return quantities;
}

/** The same units, to be returned. */
export function negated(unitsBySku: ReadonlyMap<string, number>): ReadonlyMap<string, number> {
  return new Map([...unitsBySku].map(([sku, units]) => [sku, -units]));
}

/** The distinct SKUs of the demands, sorted, so concurrent batches lock in one order and cannot deadlock. */
export function skusOf(demands: readonly { readonly items: readonly OrderItem[] }[]): string[] {
  return [...new Set(demands.flatMap((demand) => demand.items.map((item) => item.sku)))].sort();
}

/**
 * Decides demands in sequence, each all-or-nothing, against stock that shrinks as they are met.
 * @param cancelled orders whose cancel arrived first; they are rejected
 */
export function planReservations(
  demands: readonly Demand[],
  stock: readonly Stock[],
  cancelled: ReadonlySet<number>,
): Plan {
  const available = new Map(stock.map((row) => [row.sku, availableOf(row)]));
  const reservedBySku = new Map<string, number>();
  const decided = demands.map((demand): Decided => {
    if (cancelled.has(demand.orderId))
      return { demand, decision: { status: 'REJECTED', reason: 'ORDER_CANCELLED' } };
    const requested = sumBySku(demand.items);
    const decision = decide(requested, available);
    if (decision.status === 'RESERVED') take(requested, available, reservedBySku);
    return { demand, decision };
  });
  return { decided, reservedBySku };
}

function decide(requested: ReadonlyMap<string, number>, available: ReadonlyMap<string, number>): Decision {
  const lines = [...requested].map(([sku, units]) => ({
    sku,
    requested: units,
    available: available.get(sku),
  }));
  if (lines.some((line) => line.available === undefined))
    return { status: 'REJECTED', reason: 'UNKNOWN_SKU' };
  const shortages = lines
    .map((line) => ({ ...line, available: line.available ?? 0 }))
    .filter((line) => line.available < line.requested);
  if (shortages.length > 0) return { status: 'REJECTED', reason: 'OUT_OF_STOCK', shortages };
  return { status: 'RESERVED' };
}

function take(
  requested: ReadonlyMap<string, number>,
  available: Map<string, number>,
  reservedBySku: Map<string, number>,
): void {
  for (const [sku, units] of requested) {
    available.set(sku, (available.get(sku) ?? 0) - units);
    reservedBySku.set(sku, (reservedBySku.get(sku) ?? 0) + units);
  }
}
