import type { Queryable } from '../../../lib/postgres/database.ts';
import type { Action, Operation, OperationState, Source } from '../operation.ts';
import type { OperationFilter } from '../operator/operation-filter.ts';
import type { RefusedDeadLetter } from './redrive-step.ts';

/** What an operator did, as the audit trail shows it. */
export interface LoggedOperation {
  readonly operationId: string;
  readonly action: Action;
  readonly operator: string;
  readonly source: Source;
  readonly state: OperationState;
  /** The request: the conditions, and how to send. */
  readonly request: Readonly<Record<string, unknown>>;
  readonly startedAt: Date;
  readonly lastStepAt: Date | null;
  /** How many dead letters it was to change; null when they were not counted. */
  readonly total: number | null;
  /** How many it has changed, those included that could not be sent. */
  readonly affected: number;
  /** How many could not be sent, and were parked. */
  readonly refused: number;
  /** The operation that took it back. */
  readonly undoneBy: string | null;
}

/** The same with what an operator wants to know of one operation. */
export interface ShownOperation extends LoggedOperation {
  readonly throughId: number | null;
  /** What could not be sent, and why; the first 100. */
  readonly refusedLetters: readonly RefusedDeadLetter[];
}

/** Writes down what an operator is about to do. */
export async function startOperation(
  database: Queryable,
  { operationId, action, operator, source, request }: Operation,
): Promise<void> {
  await database.query(
    `INSERT INTO dead_letter.operation (operation_id, action, operator, source, request, state)
     VALUES ($1, $2, $3, $4, $5, CASE $2 WHEN 'REDRIVE' THEN 'RUNNING' ELSE 'DONE' END)`,
    [operationId, action, operator, source, JSON.stringify(request)],
  );
}

/** What an operation did; undefined when there is no such operation. */
export async function findAction(database: Queryable, operationId: string): Promise<Action | undefined> {
  const [row] = await database.query<Pick<Operation, 'action'>>(
    'SELECT action FROM dead_letter.operation WHERE operation_id = $1',
    [operationId],
  );
  return row?.action;
}

const columns = `operation_id AS "operationId", action, operator, source, state, request, started_at AS "startedAt",
  last_step_at AS "lastStepAt", total, affected, refused, undone_by AS "undoneBy"`;

/** An operation with its number, which pages of a list are cut by. */
export interface NumberedOperation {
  readonly number: number;
  readonly operation: LoggedOperation;
}

/** Operations, the newest first. */
export async function listOperations(
  database: Queryable,
  { action, operator, source, state, from, to }: OperationFilter,
  beforeNumber: number,
  limit: number,
): Promise<NumberedOperation[]> {
  const rows = await database.query<LoggedOperation & { readonly number: number }>(
    `SELECT number, ${columns} FROM dead_letter.operation
     WHERE ($1::text IS NULL OR action = $1)
       AND ($2::text IS NULL OR operator = $2)
       AND ($3::text IS NULL OR source = $3)
       AND ($4::text IS NULL OR state = $4)
       AND ($5::timestamptz IS NULL OR started_at >= $5)
       AND ($6::timestamptz IS NULL OR started_at < $6)
       AND number < $7
     ORDER BY number DESC LIMIT $8`,
    [action, operator, source, state, from, to, beforeNumber, limit],
  );
  return rows.map(({ number, ...operation }) => ({ number, operation }));
}

const shownRefusals = 100;

/** One operation; undefined when there is none with this id. */
export async function findOperation(
  database: Queryable,
  operationId: string,
): Promise<ShownOperation | undefined> {
  const [row] = await database.query<Omit<ShownOperation, 'refusedLetters'>>(
    `SELECT ${columns}, through_id AS "throughId" FROM dead_letter.operation WHERE operation_id = $1`,
    [operationId],
  );
  if (!row) return undefined;
  const refusedLetters = await database.query<RefusedDeadLetter>(
    `SELECT dead_letter_id AS id, original_topic AS topic, reason
     FROM dead_letter.change JOIN dead_letter.dead_letter USING (dead_letter_id)
     WHERE operation_id = $1 AND outcome = 'REFUSED' ORDER BY dead_letter_id LIMIT $2`,
    [operationId, shownRefusals],
  );
  return { ...row, refusedLetters };
}
