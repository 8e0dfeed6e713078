import type { Database, Queryable } from '../../lib/postgres/database.ts';
import type { Content, DeadLetter, Status } from './dead-letter.ts';
import type { Selection } from './operator-request.ts';

export type Action = 'REDRIVE' | 'PARK' | 'DISCARD';

/** What an operator does, for the record. */
export interface Operation {
  readonly operationId: string;
  readonly action: Action;
  readonly operator: string;
  readonly request: object;
}

/** The part of the dead letters that an operation still has to look at: those after one id, through another. */
export interface Range {
  readonly afterId: number;
  readonly throughId: number;
}

/** One step of a redrive. */
export interface Step extends Range {
  readonly operationId: string;
  readonly selection: Selection;
  readonly limit: number;
}

/** A dead letter as the list shows it. */
export interface ListedDeadLetter extends Omit<DeadLetter, 'key' | 'value' | 'headers'> {
  readonly deadLetterId: number;
  readonly archivedAt: Date;
}

/** A dead letter with its bytes, and the operation that changed it last. */
export interface ShownDeadLetter extends ListedDeadLetter, Content {
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
}

/** A dead letter that is about to be redriven. */
export interface Redrivable extends Content {
  readonly deadLetterId: number;
  readonly originalTopic: string;
}

export type DeadLetterStore = ReturnType<typeof createDeadLetterStore>;

/** The dead-letter service's schema; nothing else knows it. Every method throws the typed errors of `Queryable.query`. */
export function createDeadLetterStore(database: Database) {
  return {
    archive: (letters: readonly DeadLetter[]) => archive(database, letters),
    list: (selection: Selection, beforeId: number | undefined, limit: number) =>
      list(database, selection, beforeId, limit),
    causes: (selection: Selection, range?: Range) => causes(database, selection, range),
    count: (selection: Selection, range?: Range) => count(database, selection, range),
    find: (deadLetterId: number) => find(database, deadLetterId),
    newestId: () => newestId(database),
    startOperation: (operation: Operation) => startOperation(database, operation),
    redrive: (step: Step, publish: (letters: readonly Redrivable[]) => Promise<void>) =>
      database.transaction((transaction) => redrive(transaction, step, publish)),
    mark: (operation: Operation, selection: Selection, status: Status) =>
      database.transaction((transaction) => mark(transaction, operation, selection, status)),
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
    headers: JSON.stringify(
      letter.headers.map(({ name, value }) => ({ name, value: value.toString('base64') })),
    ),
  };
}

/** https://www.postgresql.org/docs/18/datatype-binary.html#DATATYPE-BINARY-BYTEA-HEX-FORMAT */
function hex(bytes: Buffer | null): string | null {
  return bytes && `\\x${bytes.toString('hex')}`;
}

/** Takes the parameters that `selectionValues` gives. */
const isSelected = `
  ($1::bigint[] IS NULL OR dead_letter_id = ANY ($1))
  AND ($2::text IS NULL OR $2 IN (original_topic, topic))
  AND ($3::text IS NULL OR consumer_group = $3)
  AND ($4::text IS NULL OR $4 IN (exception_class, cause_class))
  AND ($5::text IS NULL OR key_text = $5)
  AND ($6::timestamptz IS NULL OR failed_at >= $6)
  AND ($7::timestamptz IS NULL OR failed_at < $7)
  AND ($8::text IS NULL OR status = $8)
  AND dead_letter_id > $9 AND dead_letter_id <= $10`;

const everything: Range = { afterId: 0, throughId: Number.MAX_SAFE_INTEGER };

function selectionValues(selection: Selection, { afterId, throughId } = everything): unknown[] {
  const { ids, topic, consumerGroup, exception, key, from, to, status } = selection;
  return [ids, topic, consumerGroup, exception, key, from, to, status, afterId, throughId];
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

async function causes(database: Queryable, selection: Selection, range?: Range): Promise<Cause[]> {
  return database.query<Cause>(
    `SELECT original_topic AS "originalTopic", consumer_group AS "consumerGroup", exception_class AS "exceptionClass",
       cause_class AS "causeClass", status, count(*), min(failed_at) AS oldest, max(failed_at) AS newest, max(message) AS message
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
  readonly headers: readonly { readonly name: string; readonly value: string }[];
}

async function find(database: Queryable, deadLetterId: number): Promise<ShownDeadLetter | undefined> {
  const [row] = await database.query<ShownRow>(
    `SELECT ${listColumns}, key, value, headers, changed_at AS "changedAt",
       (SELECT json_build_object('operationId', operation_id, 'action', action, 'operator', operator)
        FROM dead_letter.operation WHERE operation_id = changed_by) AS "changedBy"
     FROM dead_letter.dead_letter WHERE dead_letter_id = $1`,
    [deadLetterId],
  );
  return row && withHeaderBytes(row);
}

function withHeaderBytes<Row extends Pick<ShownRow, 'headers'>>({ headers, ...row }: Row) {
  return {
    ...row,
    headers: headers.map(({ name, value }) => ({ name, value: Buffer.from(value, 'base64') })),
  };
}

/** The id of the dead letter that was filed last; 0 before the first. */
async function newestId(database: Queryable): Promise<number> {
  const rows = await database.query<{ id: number }>(
    'SELECT coalesce(max(dead_letter_id), 0) AS id FROM dead_letter.dead_letter',
  );
  return rows[0]?.id ?? 0;
}

async function startOperation(database: Queryable, operation: Operation): Promise<void> {
  await database.query(
    'INSERT INTO dead_letter.operation (operation_id, action, operator, request) VALUES ($1, $2, $3, $4)',
    [operation.operationId, operation.action, operation.operator, JSON.stringify(operation.request)],
  );
}

/** Values of one step are kept in memory several times over: as bytes, as the database's text and as the request to Kafka. */
const bytesPerStep = 4 * 1024 * 1024;

/**
 * Locks the next dead letters, hands them to `publish` and marks them. A redrive that is killed before the commit leaves them as they
 * were: the next one sends them again, and consumers know what they have handled. What another redrive holds is passed over.
 * @returns the dead letters it sent, in the order of their ids; none when nothing is left
 */
async function redrive(
  transaction: Queryable,
  { selection, limit, operationId, ...range }: Step,
  publish: (letters: readonly Redrivable[]) => Promise<void>,
): Promise<number[]> {
  const rows = await transaction.query<RedrivableRow>(
    `WITH taken AS (
       SELECT dead_letter_id, coalesce(octet_length(value), 0) AS size FROM dead_letter.dead_letter
       WHERE ${isSelected} ORDER BY dead_letter_id LIMIT $11 FOR UPDATE SKIP LOCKED
     ), fitting AS (
       SELECT dead_letter_id, sum(size) OVER (ORDER BY dead_letter_id) - size AS before FROM taken
     )
     SELECT dead_letter_id AS "deadLetterId", original_topic AS "originalTopic", key, value, headers
     FROM dead_letter.dead_letter JOIN fitting USING (dead_letter_id) WHERE before < $12 ORDER BY dead_letter_id`,
    [...selectionValues(selection, range), limit, bytesPerStep],
  );
  if (rows.length === 0) return [];
  const ids = rows.map(({ deadLetterId }) => deadLetterId);
  await publish(rows.map(withHeaderBytes));
  await transaction.query(
    `UPDATE dead_letter.dead_letter SET status = 'REDRIVEN', changed_at = now(), changed_by = $2 WHERE dead_letter_id = ANY ($1)`,
    [ids, operationId],
  );
  await addAffected(transaction, operationId, ids.length);
  return ids;
}

interface RedrivableRow extends Omit<Redrivable, 'headers'>, Pick<ShownRow, 'headers'> {}

/** Gives the selected dead letters a status. @returns how many there were */
async function mark(
  transaction: Queryable,
  operation: Operation,
  selection: Selection,
  status: Status,
): Promise<number> {
  await startOperation(transaction, operation);
  const marked = await transaction.query(
    `UPDATE dead_letter.dead_letter SET status = $11, changed_at = now(), changed_by = $12 WHERE ${isSelected} RETURNING dead_letter_id`,
    [...selectionValues(selection), status, operation.operationId],
  );
  await addAffected(transaction, operation.operationId, marked.length);
  return marked.length;
}

async function addAffected(transaction: Queryable, operationId: string, count: number): Promise<void> {
  await transaction.query(
    'UPDATE dead_letter.operation SET affected = affected + $2 WHERE operation_id = $1',
    [operationId, count],
  );
}
