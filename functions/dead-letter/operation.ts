import type { OpenOrderError } from '../../lib/errors.ts';
import type { Queryable } from '../../lib/postgres/database.ts';
import type { Content, Status } from './dead-letter.ts';
import type { Selection } from './operator-request.ts';
import { isSelected, type Range, selectionValues } from './selected.ts';
import { type StoredHeader, withHeaderBytes } from './stored-headers.ts';

export type Action = 'REDRIVE' | 'PARK' | 'DISCARD' | 'UNDO';

/** What an operator does, for the record. */
export interface Operation {
  readonly operationId: string;
  readonly action: Action;
  readonly operator: string;
  readonly request: object;
}

/** One step of a redrive. */
export interface Step extends Range {
  readonly operationId: string;
  readonly selection: Selection;
  readonly limit: number;
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

/** What became of dead letters that were to be sent again. Those in neither list stay as they are. */
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
}

/** Writes down what an operator is about to do. */
export async function startOperation(database: Queryable, operation: Operation): Promise<void> {
  await database.query(
    'INSERT INTO dead_letter.operation (operation_id, action, operator, request) VALUES ($1, $2, $3, $4)',
    [operation.operationId, operation.action, operation.operator, JSON.stringify(operation.request)],
  );
}

/** Whether a redrive with this id was started. */
export async function hasRedrive(database: Queryable, operationId: string): Promise<boolean> {
  const rows = await database.query(
    "SELECT FROM dead_letter.operation WHERE operation_id = $1 AND action = 'REDRIVE'",
    [operationId],
  );
  return rows.length > 0;
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
export async function redrive(
  transaction: Queryable,
  step: Step,
  resend: (letters: readonly Redrivable[]) => Promise<Resent>,
): Promise<StepResult> {
  const letters = await lockRedrivable(transaction, step);
  if (letters.length === 0) return { acknowledged: [], refused: [], lastId: undefined };
  const resent = await resend(letters);
  await markRedriven(transaction, step.operationId, resent.acknowledged);
  // Amid an outage nothing is parked: the next redrive asks again.
  if (!resent.outage) await parkRefused(transaction, step.operationId, resent.refused);
  return { ...resent, lastId: letters.at(-1)?.deadLetterId };
}

async function lockRedrivable(
  transaction: Queryable,
  { selection, limit, ...range }: Step,
): Promise<Redrivable[]> {
  const rows = await transaction.query<RedrivableRow>(
    `WITH taken AS (
       SELECT dead_letter_id, coalesce(octet_length(value), 0) AS size FROM dead_letter.dead_letter
       WHERE ${isSelected} ORDER BY dead_letter_id LIMIT $11 FOR UPDATE SKIP LOCKED
     ), fitting AS (
       SELECT dead_letter_id, sum(size) OVER (ORDER BY dead_letter_id) - size AS before FROM taken
     )
     SELECT dead_letter_id AS "deadLetterId", topic, original_topic AS "originalTopic", key, value, headers
     FROM dead_letter.dead_letter JOIN fitting USING (dead_letter_id) WHERE before < $12 ORDER BY dead_letter_id`,
    [...selectionValues(selection, range), limit, bytesPerStep],
  );
  return rows.map(withHeaderBytes);
}

async function markRedriven(
  transaction: Queryable,
  operationId: string,
  ids: readonly number[],
): Promise<void> {
  if (ids.length === 0) return;
  await transaction.query(
    `UPDATE dead_letter.dead_letter SET status = 'REDRIVEN', refusal = NULL, changed_at = now(), changed_by = $2
     WHERE dead_letter_id = ANY ($1)`,
    [ids, operationId],
  );
  await addAffected(transaction, operationId, ids.length);
}

async function parkRefused(
  transaction: Queryable,
  operationId: string,
  refused: readonly RefusedDeadLetter[],
): Promise<void> {
  if (refused.length === 0) return;
  await transaction.query(
    `UPDATE dead_letter.dead_letter SET status = 'PARKED', refusal = reason, changed_at = now(), changed_by = $3
     FROM unnest($1::bigint[], $2::text[]) AS refused (id, reason) WHERE dead_letter_id = id`,
    [refused.map(({ id }) => id), refused.map(({ reason }) => reason), operationId],
  );
  await addAffected(transaction, operationId, refused.length);
}

interface RedrivableRow extends Omit<Redrivable, 'headers'> {
  readonly headers: readonly StoredHeader[];
}

/** Gives the selected dead letters a status. @returns how many there were */
export async function mark(
  transaction: Queryable,
  operation: Operation,
  selection: Selection,
  status: Status,
): Promise<number> {
  await startOperation(transaction, operation);
  const marked = await transaction.query(
    `UPDATE dead_letter.dead_letter SET previous_status = status, status = $11, changed_at = now(), changed_by = $12
     WHERE ${isSelected} RETURNING dead_letter_id`,
    [...selectionValues(selection), status, operation.operationId],
  );
  await addAffected(transaction, operation.operationId, marked.length);
  return marked.length;
}

/** What an operation did; undefined when there is no such operation. */
export async function findAction(database: Queryable, operationId: string): Promise<Action | undefined> {
  const [row] = await database.query<Pick<Operation, 'action'>>(
    'SELECT action FROM dead_letter.operation WHERE operation_id = $1',
    [operationId],
  );
  return row?.action;
}

/**
 * Gives what an earlier operation marked, and no other has changed since, its previous status.
 * @returns how many there were
 */
export async function undo(transaction: Queryable, operation: Operation, undone: string): Promise<number> {
  await startOperation(transaction, operation);
  const restored = await transaction.query(
    `UPDATE dead_letter.dead_letter
     SET status = previous_status, previous_status = NULL, changed_at = now(), changed_by = $1
     WHERE changed_by = $2 AND previous_status IS NOT NULL RETURNING dead_letter_id`,
    [operation.operationId, undone],
  );
  await addAffected(transaction, operation.operationId, restored.length);
  return restored.length;
}

async function addAffected(transaction: Queryable, operationId: string, count: number): Promise<void> {
  await transaction.query(
    'UPDATE dead_letter.operation SET affected = affected + $2 WHERE operation_id = $1',
    [operationId, count],
  );
}
