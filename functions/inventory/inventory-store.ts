import type { Database } from '../../lib/postgres/database.ts';
import { type AnnounceDecision, reserve } from './decisions.ts';
import { type AnnounceRelease, type Cancellation, release } from './releases.ts';
import type { Demand } from './reservation.ts';
import { findReservation } from './reservation-lookup.ts';
import { listStock, setOnHand } from './stock-levels.ts';

export type InventoryStore = ReturnType<typeof createInventoryStore>;

/**
 * The inventory service's schema, known only to the files whose functions are used here. Every method throws
 * the typed errors of `Queryable.query`.
 */
export function createInventoryStore(database: Database) {
  return {
    reserve: (demands: readonly Demand[], announce: AnnounceDecision) =>
      database.transaction((transaction) => reserve(transaction, demands, announce)),
    release: (cancellations: readonly Cancellation[], announce: AnnounceRelease) =>
      database.transaction((transaction) => release(transaction, cancellations, announce)),
    findReservation: (orderId: number) => findReservation(database, orderId),
    listStock: (afterSku: string | undefined, limit: number) => listStock(database, afterSku, limit),
    setOnHand: (sku: string, onHand: number) => setOnHand(database, sku, onHand),
  };
}
