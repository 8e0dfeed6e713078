import type { Queryable } from '../../lib/postgres/database.ts';
import type { Stock } from './reservation.ts';

/** The columns of `Stock`. */
const stockColumns = 'sku, on_hand AS "onHand", reserved';

/** Stock in SKU order, starting after `afterSku`. */
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
 * Sets how many units of a SKU are on hand; an unknown SKU is created.
 * @returns the current stock, or undefined when that would be less than is reserved
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

/** Locks the rows of these SKUs, in SKU order, until the transaction ends; unknown SKUs have none. */
export async function lockStock(transaction: Queryable, skus: readonly string[]): Promise<Stock[]> {
  return transaction.query<Stock>(
    `SELECT ${stockColumns} FROM inventory.stock WHERE sku = ANY ($1) ORDER BY sku FOR UPDATE`,
    [skus],
  );
}

/**
 * Adds to the reserved units of each SKU. The units are summed by SKU: `UPDATE … FROM` applies only one of
 * several matching rows.
 */
export async function addReserved(
  transaction: Queryable,
  unitsBySku: ReadonlyMap<string, number>,
): Promise<void> {
  if (unitsBySku.size === 0) return;
  await transaction.query(
    `UPDATE inventory.stock AS s SET reserved = s.reserved + d.units
     FROM unnest($1::text[], $2::bigint[]) AS d (sku, units) WHERE s.sku = d.sku`,
    [[...unitsBySku.keys()], [...unitsBySku.values()]],
  );
}
