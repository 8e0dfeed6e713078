import type { Queryable } from '../../../lib/postgres/database.ts';
import { isSameRecord, type Traced } from './same-record.ts';
import { type StoredHeader, withHeaderBytes } from './stored-headers.ts';

/** What operators do to a dead letter, as its history names it. */
type Outcome = 'REDRIVEN' | 'REFUSED' | 'PARKED' | 'DISCARDED' | 'RESTORED';

/** Something that happened to a record after it was published: it failed, or an operator decided. */
export interface HistoryEntry {
  readonly at: Date;
  readonly what: 'FAILED' | Outcome;
  readonly deadLetterId: number;
  /** The class of the exception of a failure, or why Kafka refused the record. */
  readonly reason: string | null;
  /** The consumer group that failed. */
  readonly consumerGroup: string | null;
  readonly operator: string | null;
  readonly operationId: string | null;
}

/** The dead letter whose history is requested. */
export interface Subject extends Traced {
  readonly deadLetterId: number;
  readonly keyText: string | null;
}

interface Failure extends Traced {
  readonly deadLetterId: number;
  readonly at: Date;
  readonly reason: string | null;
  readonly consumerGroup: string | null;
}

type FailureRow = Omit<Failure, 'headers'> & { readonly headers: readonly StoredHeader[] };

/** Newest failures with the same key that are looked at. */
const mostFailures = 100;

/** What happened to a dead letter's record, the oldest first: each failure of it, and each decision. */
export async function historyOf(database: Queryable, subject: Subject): Promise<HistoryEntry[]> {
  const rows = await database.query<FailureRow>(
    `SELECT dead_letter_id AS "deadLetterId", original_topic AS "originalTopic", headers, failed_at AS at,
       exception_class AS reason, consumer_group AS "consumerGroup"
     FROM dead_letter.dead_letter
     WHERE dead_letter_id = $1 OR original_topic = $2 AND key_text = $3
     ORDER BY dead_letter_id = $1 DESC, dead_letter_id DESC LIMIT $4`,
    [subject.deadLetterId, subject.originalTopic, subject.keyText, mostFailures],
  );
  const failures = rows
    .map(withHeaderBytes)
    .filter((other) => other.deadLetterId === subject.deadLetterId || isSameRecord(subject, other));
  const decisions = await database.query<HistoryEntry>(
    `SELECT change.changed_at AS at, outcome AS what, dead_letter_id AS "deadLetterId", reason,
       NULL AS "consumerGroup", operator, operation_id AS "operationId"
     FROM dead_letter.change JOIN dead_letter.operation USING (operation_id)
     WHERE dead_letter_id = ANY ($1) AND outcome IS NOT NULL`,
    [failures.map(({ deadLetterId }) => deadLetterId)],
  );
  return [...failures.map(toEntry), ...decisions].toSorted((a, b) => a.at.getTime() - b.at.getTime());
}

function toEntry({ at, deadLetterId, reason, consumerGroup }: Failure): HistoryEntry {
  return { at, what: 'FAILED', deadLetterId, reason, consumerGroup, operator: null, operationId: null };
}
