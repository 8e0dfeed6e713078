import type { Queryable } from '../../../lib/postgres/database.ts';
import type { Status } from '../dead-letter.ts';
import type { Operation } from '../operation.ts';
import type { Selection } from '../operator/selection.ts';
import { startOperation } from './operation-log.ts';
import { isSelected, selectionValues } from './selection-condition.ts';
import { type Accept, type Snapshot, snapshotColumns } from './snapshot.ts';

/** Which dead letters get which status. */
export interface Marking {
  readonly selection: Selection;
  readonly status: Status;
  readonly throughId: number;
}

/**
 * Gives the selected dead letters a status.
 * @param accept throws when others were selected than the operator was shown; then nothing is changed
 * @returns how many there were
 */
export async function mark(
  transaction: Queryable,
  operation: Operation,
  { selection, status, throughId }: Marking,
  accept: Accept,
): Promise<number> {
  await startOperation(transaction, operation);
  const [marked] = await transaction.query<Snapshot>(
    `WITH marked AS (
       UPDATE dead_letter.dead_letter SET previous_status = status, status = $11, changed_at = now(), changed_by = $12
       WHERE ${isSelected} RETURNING dead_letter_id, previous_status
     ), noted AS (
       INSERT INTO dead_letter.change (operation_id, dead_letter_id, status_before, outcome)
       SELECT $12, dead_letter_id, previous_status, $11 FROM marked
     )
     SELECT ${snapshotColumns} FROM marked`,
    [...selectionValues(selection, { afterId: 0, throughId }), status, operation.operationId],
  );
  if (!marked) return 0;
  accept(marked);
  await countAffected(transaction, operation.operationId, marked.matching);
  return marked.matching;
}

/**
 * Gives what an earlier operation marked, and no other has changed since, its previous status.
 * @returns how many there were
 */
export async function undo(transaction: Queryable, operation: Operation, undone: string): Promise<number> {
  await startOperation(transaction, operation);
  const [restored] = await transaction.query<Snapshot>(
    `WITH marked AS (
       SELECT dead_letter_id, status, previous_status FROM dead_letter.dead_letter
       WHERE changed_by = $2 AND previous_status IS NOT NULL FOR UPDATE
     ), restored AS (
       UPDATE dead_letter.dead_letter AS letter
       SET status = marked.previous_status, previous_status = NULL, changed_at = now(), changed_by = $1
       FROM marked WHERE letter.dead_letter_id = marked.dead_letter_id RETURNING letter.dead_letter_id
     ), noted AS (
       INSERT INTO dead_letter.change (operation_id, dead_letter_id, status_before, outcome)
       SELECT $1, dead_letter_id, status, 'RESTORED' FROM marked
     )
     SELECT ${snapshotColumns} FROM restored`,
    [operation.operationId, undone],
  );
  const count = restored?.matching ?? 0;
  if (count > 0) {
    await transaction.query('UPDATE dead_letter.operation SET undone_by = $2 WHERE operation_id = $1', [
      undone,
      operation.operationId,
    ]);
  }
  await countAffected(transaction, operation.operationId, count);
  return count;
}

async function countAffected(transaction: Queryable, operationId: string, count: number): Promise<void> {
  await transaction.query(
    'UPDATE dead_letter.operation SET affected = $2, total = $2, last_step_at = now() WHERE operation_id = $1',
    [operationId, count],
  );
}
