import type { OpenOrderError } from '../../../lib/errors.ts';
import type { Queryable } from '../../../lib/postgres/database.ts';
import type { Content } from '../dead-letter.ts';
import type { OperationState } from '../operation.ts';
import type { Selection } from '../operator/selection.ts';
import { isSelected, type Range, selectionValues } from './selection-condition.ts';
import { type StoredHeader, withHeaderBytes } from './stored-headers.ts';

/** One step of a redrive. */
export interface Step extends Range {
  readonly operationId: string;
  readonly selection: Selection;
  readonly limit: number;
  /** Whether it takes what the operation planned when it began, instead of what matches now. */
  readonly isPlanned?: boolean;
}

/** A dead letter that is about to be redriven. */
export interface Redrivable extends Content {
  readonly deadLetterId: number;
  /** The dead-letter topic. */
  readonly topic: string;
  readonly originalTopic: string;
}

/** A dead letter that could not be sent, where it should have gone, and why it did not. */
export interface RefusedDeadLetter {
  readonly id: number;
  readonly topic: string;
  readonly reason: string;
}

/** The results of dead letters to be redriven. Those in neither list stay as they are. */
export interface Resent {
  readonly acknowledged: readonly number[];
  readonly refused: readonly RefusedDeadLetter[];
  /** Why it stopped early: Kafka is unreachable, or refuses everything. */
  readonly outage?: OpenOrderError;
}

/**
 * What a step of a redrive did. `lastId` is the last dead letter that it took; undefined when none was left.
 */
export interface StepResult extends Resent {
  readonly lastId: number | undefined;
  /** The operation's state when the step started; the step does nothing unless it is `RUNNING`. */
  readonly state: OperationState;
}

/** A planned dead letter that still is as it was when the operation began. */
const isAsPlanned = `operation_id = $1 AND outcome IS NULL AND status = status_before
  AND changed_by IS NOT DISTINCT FROM changed_by_before`;

/** How many dead letters a planned redrive still has to send. */
export async function countPlanned(database: Queryable, operationId: string): Promise<number> {
  const [row] = await database.query<{ count: number }>(
    `SELECT count(*) FROM dead_letter.change JOIN dead_letter.dead_letter USING (dead_letter_id) WHERE ${isAsPlanned}`,
    [operationId],
  );
  return row?.count ?? 0;
}

/**
 * Values of one step are kept in memory several times over: as bytes, as the database's text and as the
 * request to Kafka.
 */
const bytesPerStep = 4 * 1024 * 1024;

/**
 * Locks the next dead letters, hands them to `resend` and marks what was acknowledged as redriven, what was
 * refused as parked. A redrive that is killed before the commit leaves them as they were: the next one sends
 * them again, and consumers know what they have handled. What another redrive holds is passed over.
 */
export async function redriveStep(
  transaction: Queryable,
  step: Step,
  resend: (letters: readonly Redrivable[]) => Promise<Resent>,
): Promise<StepResult> {
  const state = await stateOf(transaction, step.operationId);
  const letters = state === 'RUNNING' ? await lockNext(transaction, step) : [];
  if (letters.length === 0) return { acknowledged: [], refused: [], lastId: undefined, state };
  const resent = await resend(letters);
  await noteRedriven(transaction, step.operationId, resent.acknowledged);
  // Amid an outage nothing is parked: the next redrive asks again.
  if (!resent.outage) await noteRefused(transaction, step.operationId, resent.refused);
  return { ...resent, lastId: letters.at(-1)?.deadLetterId, state };
}

async function stateOf(transaction: Queryable, operationId: string): Promise<OperationState> {
  const [row] = await transaction.query<{ state: OperationState }>(
    'SELECT state FROM dead_letter.operation WHERE operation_id = $1',
    [operationId],
  );
  return row?.state ?? 'DONE';
}

interface RedrivableRow extends Omit<Redrivable, 'headers'> {
  readonly headers: readonly StoredHeader[];
}

async function lockNext(transaction: Queryable, step: Step): Promise<Redrivable[]> {
  const { isPlanned = false, operationId, selection, limit, ...range } = step;
  const rows = isPlanned
    ? await transaction.query<RedrivableRow>(taking(planned, 3), [operationId, limit, bytesPerStep])
    : await transaction.query<RedrivableRow>(taking(matching, 12), [
        ...selectionValues(selection, range),
        limit,
        bytesPerStep,
      ]);
  return rows.map(withHeaderBytes);
}

const sized = 'SELECT dead_letter_id, coalesce(octet_length(value), 0) AS size';

const matching = `${sized} FROM dead_letter.dead_letter
  WHERE ${isSelected} ORDER BY dead_letter_id LIMIT $11 FOR UPDATE SKIP LOCKED`;

const planned = `${sized} FROM dead_letter.change JOIN dead_letter.dead_letter AS letter USING (dead_letter_id)
  WHERE ${isAsPlanned} ORDER BY dead_letter_id LIMIT $2 FOR UPDATE OF letter SKIP LOCKED`;

/** As many of the locked dead letters as fit into a step, but at least one. */
function taking(locking: string, sizeParameter: number): string {
  return `WITH taken AS (${locking}), fitting AS (
      SELECT dead_letter_id, sum(size) OVER (ORDER BY dead_letter_id) - size AS before FROM taken
    )
    SELECT dead_letter_id AS "deadLetterId", topic, original_topic AS "originalTopic", key, value, headers
    FROM dead_letter.dead_letter JOIN fitting USING (dead_letter_id)
    WHERE before < $${sizeParameter} ORDER BY dead_letter_id`;
}

const noteOutcome = `INSERT INTO dead_letter.change AS change
    (operation_id, dead_letter_id, status_before, outcome, reason)`;

const onPlanned = `ON CONFLICT (operation_id, dead_letter_id)
  DO UPDATE SET outcome = excluded.outcome, reason = excluded.reason, changed_at = now()`;

async function noteRedriven(
  transaction: Queryable,
  operationId: string,
  ids: readonly number[],
): Promise<void> {
  if (ids.length === 0) return;
  await transaction.query(
    `${noteOutcome} SELECT $2, dead_letter_id, status, 'REDRIVEN', NULL FROM dead_letter.dead_letter
     WHERE dead_letter_id = ANY ($1) ${onPlanned}`,
    [ids, operationId],
  );
  await transaction.query(
    `UPDATE dead_letter.dead_letter SET status = 'REDRIVEN', refusal = NULL, changed_at = now(), changed_by = $2
     WHERE dead_letter_id = ANY ($1)`,
    [ids, operationId],
  );
  await addAffected(transaction, operationId, ids.length, 0);
}

async function noteRefused(
  transaction: Queryable,
  operationId: string,
  refused: readonly RefusedDeadLetter[],
): Promise<void> {
  if (refused.length === 0) return;
  const values = [refused.map(({ id }) => id), refused.map(({ reason }) => reason), operationId];
  const reasons = 'unnest($1::bigint[], $2::text[]) AS refused (id, reason)';
  await transaction.query(
    `${noteOutcome} SELECT $3, dead_letter_id, status, 'REFUSED', refused.reason
     FROM dead_letter.dead_letter JOIN ${reasons} ON dead_letter_id = id ${onPlanned}`,
    values,
  );
  await transaction.query(
    `UPDATE dead_letter.dead_letter SET status = 'PARKED', refusal = reason, changed_at = now(), changed_by = $3
     FROM ${reasons} WHERE dead_letter_id = id`,
    values,
  );
  await addAffected(transaction, operationId, refused.length, refused.length);
}

async function addAffected(
  transaction: Queryable,
  operationId: string,
  affected: number,
  refused: number,
): Promise<void> {
  await transaction.query(
    `UPDATE dead_letter.operation SET affected = affected + $2, refused = refused + $3, last_step_at = now()
     WHERE operation_id = $1`,
    [operationId, affected, refused],
  );
}
