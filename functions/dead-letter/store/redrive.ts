import type { Queryable } from '../../../lib/postgres/database.ts';
import type { Operation, WantedState } from '../operation.ts';
import type { Selection } from '../operator/selection.ts';
import { startOperation } from './operation-log.ts';
import { isSelected, selectionValues } from './selection-condition.ts';
import { type Accept, type Snapshot, snapshotColumns } from './snapshot.ts';

/** What a redrive is to send. */
export interface RedrivePlan {
  readonly selection: Selection;
  readonly throughId: number;
  /** How many at most, the oldest first. */
  readonly total: number;
  /** Whether the set is fixed, because it was previewed. */
  readonly isPlanned: boolean;
}

/**
 * Begins a redrive. A planned one fixes what it will send in the same statement that counts it, so nothing
 * that arrives later can slip in.
 * @param accept throws when others match than the operator was shown; then nothing is changed
 */
export async function startRedrive(
  transaction: Queryable,
  operation: Operation,
  { selection, throughId, total, isPlanned }: RedrivePlan,
  accept: Accept,
): Promise<void> {
  await startOperation(transaction, operation);
  const [matching] = await transaction.query<Snapshot>(
    `WITH matching AS MATERIALIZED (
       SELECT dead_letter_id, status, changed_by FROM dead_letter.dead_letter WHERE ${isSelected}
     ), planned AS (
       INSERT INTO dead_letter.change (operation_id, dead_letter_id, status_before, changed_by_before)
       SELECT $11, dead_letter_id, status, changed_by FROM matching WHERE $13 ORDER BY dead_letter_id LIMIT $12
     )
     SELECT ${snapshotColumns} FROM matching`,
    [...selectionValues(selection, { afterId: 0, throughId }), operation.operationId, total, isPlanned],
  );
  if (matching) accept(matching);
  await transaction.query(
    'UPDATE dead_letter.operation SET total = $2, through_id = $3, is_planned = $4 WHERE operation_id = $1',
    [operation.operationId, Math.min(matching?.matching ?? 0, total), throughId, isPlanned],
  );
}

/** A redrive as it was begun; undefined when there is none with this id. */
export interface StartedRedrive {
  readonly request: object;
  readonly throughId: number;
  readonly isPlanned: boolean;
}

/** A redrive as it was begun, for whoever goes on with it. */
export async function findRedrive(
  database: Queryable,
  operationId: string,
): Promise<StartedRedrive | undefined> {
  const [row] = await database.query<StartedRedrive>(
    `SELECT request, through_id AS "throughId", is_planned AS "isPlanned" FROM dead_letter.operation
     WHERE operation_id = $1 AND action = 'REDRIVE'`,
    [operationId],
  );
  return row;
}

/**
 * Reserves the time that so many take at a rate, behind what others have reserved for the same operation: so
 * two tabs, or a tab and the command line, keep to the rate together.
 * @returns how long to wait before they are sent, in ms
 */
export async function reservePace(
  database: Queryable,
  operationId: string,
  count: number,
  ratePerSecond: number,
): Promise<number> {
  const [row] = await database.query<{ startsInMs: number }>(
    `UPDATE dead_letter.operation
     SET paced_until = greatest(paced_until, now()) + make_interval(secs => $2::float8)
     WHERE operation_id = $1
     RETURNING 1000 * (extract(epoch FROM paced_until - now())::float8 - $2::float8) AS "startsInMs"`,
    [operationId, count / ratePerSecond],
  );
  return Math.max(0, row?.startsInMs ?? 0);
}

/** Closes a redrive that has nothing left to send. What others have changed meanwhile is left to them. */
export async function finishRedrive(transaction: Queryable, operationId: string): Promise<void> {
  await transaction.query(
    "UPDATE dead_letter.operation SET state = 'DONE' WHERE operation_id = $1 AND state = 'RUNNING'",
    [operationId],
  );
  await forgetPlan(transaction, operationId);
}

/**
 * Pauses, resumes or stops a redrive. The step that is under way ends as it would; the next one finds the new
 * state.
 * @returns false when it is over: what was stopped or has ended stays so
 */
export async function changeState(
  transaction: Queryable,
  operationId: string,
  state: WantedState,
): Promise<boolean> {
  const changed = await transaction.query(
    `UPDATE dead_letter.operation SET state = $2
     WHERE operation_id = $1 AND state IN ('RUNNING', 'PAUSED') RETURNING operation_id`,
    [operationId, state],
  );
  if (changed.length > 0 && state === 'STOPPED') await forgetPlan(transaction, operationId);
  return changed.length > 0;
}

/** What is planned and not carried out leaves no trace. */
async function forgetPlan(transaction: Queryable, operationId: string): Promise<void> {
  await transaction.query('DELETE FROM dead_letter.change WHERE operation_id = $1 AND outcome IS NULL', [
    operationId,
  ]);
}
