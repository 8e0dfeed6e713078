/** The API's responses, as far as the console shows them. Moments are ISO 8601 text in UTC. */

export interface OrderItem {
  readonly sku: string;
  readonly qty: number;
}

type OrderStatus = 'PENDING' | 'CONFIRMED' | 'REJECTED' | 'CANCELLED';

interface Shortage {
  readonly sku: string;
  readonly requested: number;
  readonly available: number;
}

export interface Order {
  readonly orderId: number;
  readonly userId: number;
  readonly status: OrderStatus;
  readonly items: readonly OrderItem[];
  readonly rejection?: { readonly reason: string; readonly shortages?: readonly Shortage[] };
  readonly createdAt: string;
  readonly updatedAt: string;
}

/** What inventory knows about an order. */
export interface Reservation {
  readonly status: 'RESERVED' | 'REJECTED' | 'RELEASED' | 'CANCELLED';
  readonly reason?: string;
  readonly shortages?: readonly Shortage[];
  readonly decidedAt?: string;
  readonly releasedAt?: string;
}

export interface Orders {
  readonly orders: readonly Order[];
  readonly nextCursor?: string;
}

export interface Stock {
  readonly sku: string;
  readonly onHand: number;
  readonly reserved: number;
  readonly available: number;
}

export interface Delivery {
  readonly orderId: number;
  readonly kind: 'reserved' | 'rejected' | 'released';
  readonly channel: string;
  readonly status: 'PENDING' | 'SENT' | 'SKIPPED' | 'FAILED';
  readonly sentAt?: string;
}

/** Bytes as text when they are UTF-8, else in base64. */
export interface Bytes {
  readonly text?: string;
  readonly base64?: string;
}

export interface TopicRecord {
  readonly topic: string;
  readonly partition: number;
  readonly offset: number;
  readonly timestamp: string | null;
  readonly timestampType: string;
  readonly key: Bytes | null;
  readonly value: (Bytes & { readonly bytes: number; readonly cut: boolean }) | null;
  readonly headers: readonly (Bytes & { readonly name: string })[];
}

export interface PartitionRange {
  readonly partition: number;
  readonly start: number;
  readonly end: number;
}

export interface RecordPage {
  readonly partitions: readonly PartitionRange[];
  readonly records: readonly TopicRecord[];
  readonly searched?: { readonly partition: number; readonly from: number; readonly to: number };
  readonly nextCursor?: string;
}

export interface Topics {
  readonly topics: readonly { readonly topic: string; readonly partitions: readonly PartitionRange[] }[];
}

/** How a trigger keeps up; unknown values are null. */
export interface TriggerFlow {
  readonly function: string;
  readonly topic: string;
  readonly consumerGroup: string;
  readonly ratePerSecond: number | null;
  readonly lagRecords: number | null;
  readonly lagSeconds: number | null;
  readonly deadLetters: number | null;
  readonly partitions:
    readonly { readonly partition: number; readonly committed: number | null; readonly end: number }[] | null;
}

export interface Flow {
  readonly triggers: readonly TriggerFlow[];
  readonly unavailable: readonly string[];
}

export type LetterStatus = 'NEW' | 'REDRIVEN' | 'PARKED' | 'DISCARDED';

export interface DeadLetter {
  readonly deadLetterId: number;
  readonly status: LetterStatus;
  readonly topic: string;
  readonly partition: number;
  readonly offset: number;
  readonly originalTopic: string;
  readonly originalPartition: number | null;
  readonly originalOffset: number | null;
  readonly consumerGroup: string | null;
  readonly exceptionClass: string | null;
  readonly causeClass: string | null;
  readonly message: string | null;
  readonly keyText: string | null;
  readonly redriveCount: number;
  readonly failedAt: string;
}

export interface DeadLetterDetails extends DeadLetter {
  readonly key: Bytes | null;
  readonly value: TopicRecord['value'];
  readonly headers: readonly (Bytes & { readonly name: string })[];
  readonly history: readonly HistoryEntry[];
  readonly refusal: string | null;
  readonly changedAt: string | null;
  readonly changedBy: { readonly action: string; readonly operator: string } | null;
}

export interface Cause {
  readonly originalTopic: string;
  readonly consumerGroup: string | null;
  readonly exceptionClass: string | null;
  readonly causeClass: string | null;
  readonly status: LetterStatus;
  readonly count: number;
  readonly oldest: string;
  readonly newest: string;
  readonly message: string | null;
  /** How many failed in each five minutes of the last hour, oldest first. */
  readonly trend: readonly number[];
}

/** A failure of a record, or what an operator decided about it. */
interface HistoryEntry {
  readonly at: string;
  readonly what: 'FAILED' | 'REDRIVEN' | 'REFUSED' | 'PARKED' | 'DISCARDED' | 'RESTORED';
  readonly deadLetterId: number;
  readonly reason: string | null;
  readonly consumerGroup: string | null;
  readonly operator: string | null;
  readonly operationId: string | null;
}

export type BulkVerb = 'redrive' | 'park' | 'discard';

/** What a bulk action would affect, and the preview that binds it to that. */
export interface Preview {
  readonly matching: number;
  readonly throughId: number;
  readonly oldestId: number;
  readonly causes: readonly Cause[];
  readonly preview: string;
  /** Who would read the records again. */
  readonly readers?: readonly {
    readonly function: string;
    readonly topic: string;
    readonly consumerGroup: string;
  }[];
}

export interface Operation {
  readonly operationId: string;
  readonly action: 'REDRIVE' | 'PARK' | 'DISCARD' | 'UNDO';
  readonly operator: string;
  readonly source: string;
  readonly state: 'RUNNING' | 'PAUSED' | 'STOPPED' | 'DONE';
  readonly request: Readonly<Record<string, unknown>>;
  readonly startedAt: string;
  readonly lastStepAt: string | null;
  readonly total: number | null;
  readonly affected: number;
  readonly refused: number;
  readonly undoneBy: string | null;
}

export interface OperationDetails extends Operation {
  readonly refusedLetters: readonly {
    readonly id: number;
    readonly topic: string;
    readonly reason: string;
  }[];
  readonly nextCursor?: string;
}

export interface Operations {
  readonly operations: readonly Operation[];
  readonly nextCursor?: string;
}

export interface DeadLetters {
  readonly total: number;
  readonly causes: readonly Cause[];
  readonly deadLetters: readonly DeadLetter[];
  readonly nextCursor?: string;
}

interface MailSummary {
  readonly ID: string;
  readonly MessageID: string;
  readonly Subject: string;
  readonly To: readonly { readonly Address: string }[];
  readonly Created: string;
  readonly Snippet: string;
}

export interface Mails {
  readonly total: number;
  readonly messages: readonly MailSummary[];
}

export interface Mail extends Omit<MailSummary, 'Created' | 'Snippet'> {
  readonly From: { readonly Name: string; readonly Address: string } | null;
  readonly Date: string;
  readonly Text: string;
  readonly HTML: string;
}
