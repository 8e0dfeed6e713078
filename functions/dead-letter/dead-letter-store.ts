import type { Database, Queryable } from '../../lib/postgres/database.ts';
import type { Content, DeadLetter, Status } from './dead-letter.ts';
import type { Operation, WantedState } from './operation.ts';
import type { OperationFilter } from './operator/operation-filter.ts';
import type { Selection } from './operator/selection.ts';
import { historyOf, type Subject } from './store/history.ts';
import { mark, type Marking, undo } from './store/mark.ts';
import { findAction, findOperation, listOperations } from './store/operation-log.ts';
import { countPlanned, type Redrivable, redriveStep, type Resent, type Step } from './store/redrive-step.ts';
import {
  changeState,
  findRedrive,
  finishRedrive,
  type RedrivePlan,
  reservePace,
  startRedrive,
} from './store/redrive.ts';
import { everything, isSelected, type Range, selectionValues } from './store/selection-condition.ts';
import { type Accept, snapshot } from './store/snapshot.ts';
import { type StoredHeader, toStoredHeaders, withHeaderBytes } from './store/stored-headers.ts';

/** A dead letter as the list shows it. */
export interface ListedDeadLetter extends Omit<DeadLetter, 'key' | 'value' | 'headers'> {
  readonly deadLetterId: number;
  readonly archivedAt: Date;
}

/** A dead letter with its bytes, and the operation that changed it last. */
export interface ShownDeadLetter extends ListedDeadLetter, Content {
  /** Why it could not be redriven, when it was tried; it was parked then. */
  readonly refusal: string | null;
  readonly changedAt: Date | null;
  readonly changedBy: Pick<Operation, 'operationId' | 'action' | 'operator'> | null;
}

/** Dead letters that have the same cause. */
export interface Cause {
  readonly originalTopic: string;
  readonly consumerGroup: string | null;
  readonly exceptionClass: string | null;
  readonly causeClass: string | null;
  readonly status: Status;
  readonly count: number;
  readonly oldest: Date;
  readonly newest: Date;
  /** One of their messages. */
  readonly message: string | null;
  /** How many failed in each five minutes of the last hour, the oldest first. */
  readonly trend: readonly number[];
}

/** How many dead letters the causes count together. */
export function totalOf(causes: readonly Cause[]): number {
  return causes.reduce((sum, { count }) => sum + count, 0);
}

export type DeadLetterStore = ReturnType<typeof createDeadLetterStore>;

/**
 * The dead-letter service's schema; nothing else knows it. Every method throws the typed errors of
 * `Queryable.query`.
 */
export function createDeadLetterStore(database: Database) {
  return {
    archive: (letters: readonly DeadLetter[]) => archive(database, letters),
    list: (selection: Selection, beforeId: number | undefined, limit: number) =>
      list(database, selection, beforeId, limit),
    causes: (selection: Selection, range?: Range) => causes(database, selection, range),
    count: (selection: Selection, range?: Range) => count(database, selection, range),
    find: (deadLetterId: number) => find(database, deadLetterId),
    historyOf: (letter: Subject) => historyOf(database, letter),
    newestId: () => newestId(database),
    snapshot: (selection: Selection) => snapshot(database, selection),
    mark: (operation: Operation, marking: Marking, accept: Accept) =>
      database.transaction((transaction) => mark(transaction, operation, marking, accept)),
    findAction: (operationId: string) => findAction(database, operationId),
    undo: (operation: Operation, undone: string) =>
      database.transaction((transaction) => undo(transaction, operation, undone)),
    startRedrive: (operation: Operation, plan: RedrivePlan, accept: Accept) =>
      database.transaction((transaction) => startRedrive(transaction, operation, plan, accept)),
    findRedrive: (operationId: string) => findRedrive(database, operationId),
    redrive: (step: Step, resend: (letters: readonly Redrivable[]) => Promise<Resent>) =>
      database.transaction((transaction) => redriveStep(transaction, step, resend)),
    reservePace: (operationId: string, count: number, ratePerSecond: number) =>
      reservePace(database, operationId, count, ratePerSecond),
    countPlanned: (operationId: string) => countPlanned(database, operationId),
    finishRedrive: (operationId: string) =>
      database.transaction((transaction) => finishRedrive(transaction, operationId)),
    listOperations: (filter: OperationFilter, beforeNumber: number, limit: number) =>
      listOperations(database, filter, beforeNumber, limit),
    findOperation: (operationId: string) => findOperation(database, operationId),
    changeState: (operationId: string, state: WantedState) =>
      database.transaction((transaction) => changeState(transaction, operationId, state)),
  };
}

const insertColumns = `topic, partition, "offset", failed_at, key, value, original_topic, original_partition,
  original_offset, original_timestamp, consumer_group, exception_class, cause_class, message, key_text, redrive_count, status`;

const insertTypes = `topic text, partition integer, "offset" bigint, failed_at timestamptz, key bytea, value bytea,
  original_topic text, original_partition integer, original_offset bigint, original_timestamp timestamptz, consumer_group text,
  exception_class text, cause_class text, message text, key_text text, redrive_count integer, status text, headers text`;

/**
 * Files dead letters, in one statement. One that is filed already stays as it is.
 * @returns how many were new
 */
async function archive(database: Queryable, letters: readonly DeadLetter[]): Promise<number> {
  const inserted = await database.query(
    `INSERT INTO dead_letter.dead_letter (${insertColumns}, headers)
     SELECT ${insertColumns}, headers::json FROM json_to_recordset($1) AS letter (${insertTypes})
     ON CONFLICT DO NOTHING RETURNING dead_letter_id`,
    [JSON.stringify(letters.map(insertRow))],
  );
  return inserted.length;
}

function insertRow(letter: DeadLetter) {
  return {
    topic: letter.topic,
    partition: letter.partition,
    offset: letter.offset,
    failed_at: letter.failedAt,
    key: hex(letter.key),
    value: hex(letter.value),
    original_topic: letter.originalTopic,
    original_partition: letter.originalPartition,
    original_offset: letter.originalOffset,
    original_timestamp: letter.originalTimestamp,
    consumer_group: letter.consumerGroup,
    exception_class: letter.exceptionClass,
    cause_class: letter.causeClass,
    message: letter.message,
    key_text: letter.keyText,
    redrive_count: letter.redriveCount,
    status: letter.status,
    // Text within the JSON: a header's name may hold a NUL, which json_to_recordset refuses.
    headers: toStoredHeaders(letter.headers),
  };
}

/** https://www.postgresql.org/docs/18/datatype-binary.html#DATATYPE-BINARY-BYTEA-HEX-FORMAT */
function hex(bytes: Buffer | null): string | null {
  return bytes && `\\x${bytes.toString('hex')}`;
}

const listColumns = `dead_letter_id AS "deadLetterId", status, original_topic AS "originalTopic",
  original_partition AS "originalPartition", original_offset AS "originalOffset", original_timestamp AS "originalTimestamp",
  consumer_group AS "consumerGroup", exception_class AS "exceptionClass", cause_class AS "causeClass", message, key_text AS "keyText",
  redrive_count AS "redriveCount", failed_at AS "failedAt", archived_at AS "archivedAt", topic, partition, "offset"`;

async function list(
  database: Queryable,
  selection: Selection,
  beforeId: number | undefined,
  limit: number,
): Promise<ListedDeadLetter[]> {
  const range = { ...everything, ...(beforeId !== undefined && { throughId: beforeId - 1 }) };
  return database.query<ListedDeadLetter>(
    `SELECT ${listColumns} FROM dead_letter.dead_letter WHERE ${isSelected} ORDER BY dead_letter_id DESC LIMIT $11`,
    [...selectionValues(selection, range), limit],
  );
}

/** Minutes ago at which each part of the trend ends, the oldest first. */
const trendEnds = [55, 50, 45, 40, 35, 30, 25, 20, 15, 10, 5, 0];

const trendColumns = trendEnds
  .map(
    (end) => `count(*) FILTER (WHERE failed_at > ${minutesAgo(end + 5)} AND failed_at <= ${minutesAgo(end)})`,
  )
  .join(', ');

function minutesAgo(minutes: number): string {
  return `now() - interval '${minutes} minutes'`;
}

async function causes(database: Queryable, selection: Selection, range?: Range): Promise<Cause[]> {
  return database.query<Cause>(
    `SELECT original_topic AS "originalTopic", consumer_group AS "consumerGroup", exception_class AS "exceptionClass",
       cause_class AS "causeClass", status, count(*), min(failed_at) AS oldest, max(failed_at) AS newest, max(message) AS message,
       ARRAY[${trendColumns}]::integer[] AS trend
     FROM dead_letter.dead_letter WHERE ${isSelected}
     GROUP BY original_topic, consumer_group, exception_class, cause_class, status ORDER BY count(*) DESC, 1, 2, 3, 4, 5`,
    selectionValues(selection, range),
  );
}

async function count(database: Queryable, selection: Selection, range?: Range): Promise<number> {
  const rows = await database.query<{ count: number }>(
    `SELECT count(*) FROM dead_letter.dead_letter WHERE ${isSelected}`,
    selectionValues(selection, range),
  );
  return rows[0]?.count ?? 0;
}

interface ShownRow extends Omit<ShownDeadLetter, 'headers'> {
  readonly headers: readonly StoredHeader[];
}

async function find(database: Queryable, deadLetterId: number): Promise<ShownDeadLetter | undefined> {
  const [row] = await database.query<ShownRow>(
    `SELECT ${listColumns}, key, value, headers, refusal, changed_at AS "changedAt",
       (SELECT json_build_object('operationId', operation_id, 'action', action, 'operator', operator)
        FROM dead_letter.operation WHERE operation_id = changed_by) AS "changedBy"
     FROM dead_letter.dead_letter WHERE dead_letter_id = $1`,
    [deadLetterId],
  );
  return row && withHeaderBytes(row);
}

/** The id of the dead letter that was filed last; 0 before the first. */
async function newestId(database: Queryable): Promise<number> {
  const rows = await database.query<{ id: number }>(
    'SELECT coalesce(max(dead_letter_id), 0) AS id FROM dead_letter.dead_letter',
  );
  return rows[0]?.id ?? 0;
}
