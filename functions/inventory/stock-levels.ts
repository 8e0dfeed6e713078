import type { Queryable } from '../../lib/postgres/database.ts';
import type { Stock } from './reservation.ts';

/** The columns of `Stock`. */
export const stockColumns = 'sku, on_hand AS "onHand", reserved';

/** Stock in the order of its SKUs, from the one after `afterSku` on. */
export async function listStock(
  database: Queryable,
  afterSku: string | undefined,
  limit: number,
): Promise<Stock[]> {
  return database.query<Stock>(
    `SELECT ${stockColumns} FROM inventory.stock WHERE $1::text IS NULL OR sku > $1 ORDER BY sku LIMIT $2`,
    [afterSku, limit],
  );
}

/**
 * Sets how many units of a SKU are on hand; a SKU that was unknown begins to exist.
 * @returns the stock as it now stands, or undefined when that would be less than is reserved
 */
export async function setOnHand(
  database: Queryable,
  sku: string,
  onHand: number,
): Promise<Stock | undefined> {
  const rows = await database.query<Stock>(
    `INSERT INTO inventory.stock AS s (sku, on_hand) VALUES ($1, $2)
     ON CONFLICT (sku) DO UPDATE SET on_hand = excluded.on_hand WHERE s.reserved <= excluded.on_hand
     RETURNING ${stockColumns}`,
    [sku, onHand],
  );
  return rows[0];
}
