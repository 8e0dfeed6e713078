import { BrokerUnavailableError, type Disposition, OpenOrderError } from '../errors.ts';
import { causesOf } from '../errors.ts';

/** What Kafka refuses: this record, every record for the topic, or everything this client sends. */
type Scope = 'record' | 'topic' | 'cluster';

interface RefusalReason {
  readonly scope: Scope;
  /** What to do about it. */
  readonly cure: string;
}

const tooLarge: RefusalReason = {
  scope: 'record',
  cure: "Raise the topic's max.message.bytes, or send a smaller record.",
};

/**
 * Refusals by a broker that is up; the same request gets the same answer until someone changes something.
 * https://kafka.apache.org/43/design/protocol/#error-codes
 */
const reasons: Readonly<Record<string, RefusalReason>> = {
  MESSAGE_TOO_LARGE: tooLarge,
  RECORD_LIST_TOO_LARGE: tooLarge,
  INVALID_RECORD: {
    scope: 'record',
    cure: 'Send a record that the topic allows; a compacted topic requires a key.',
  },
  UNKNOWN_TOPIC_OR_PARTITION: { scope: 'topic', cure: 'Create the topic, or correct its name.' },
  INVALID_TOPIC_EXCEPTION: { scope: 'topic', cure: 'Correct the name: it is not a valid topic name.' },
  TOPIC_AUTHORIZATION_FAILED: {
    scope: 'topic',
    cure: "Allow this function's Kafka user to describe and write the topic.",
  },
  // Records get their timestamp from this machine's clock, so no record is to blame.
  INVALID_TIMESTAMP: {
    scope: 'topic',
    cure: "Correct this machine's clock, or the topic's message.timestamp.before.max.ms and message.timestamp.after.max.ms.",
  },
  CLUSTER_AUTHORIZATION_FAILED: {
    scope: 'cluster',
    cure: "Allow this function's Kafka user IdempotentWrite on the cluster.",
  },
  SASL_AUTHENTICATION_FAILED: {
    scope: 'cluster',
    cure: 'Correct the login in the secret that KAFKA_SECRET_ARN names.',
  },
};

/**
 * A broker answered and refused. Only with the scope `record` is the record itself to blame; the rest is for
 * an operator to fix.
 */
export class KafkaRefusedError extends OpenOrderError {
  readonly code = 'OPENORDER_KAFKA_REFUSED';
  override readonly disposition: Disposition;
  /** Kafka's own name for it, such as `MESSAGE_TOO_LARGE`. */
  readonly reason: string;
  readonly scope: Scope;

  constructor(
    reason: string,
    { scope, cure }: RefusalReason,
    topics: readonly string[],
    options?: ErrorOptions,
  ) {
    super(`Kafka refused to write to ${topics.join(' or ')}: ${reason}. ${cure}`, options);
    this.disposition = scope === 'record' ? 'permanent' : 'infrastructure';
    this.reason = reason;
    this.scope = scope;
  }

  /** Whether fewer or smaller records may be accepted where these were not. */
  get isTooLarge(): boolean {
    return reasons[this.reason] === tooLarge;
  }
}

/** Types what kafkajs threw while it was sending records to these topics. */
export function toPublishError(
  cause: unknown,
  topics: readonly string[],
): KafkaRefusedError | BrokerUnavailableError {
  const answer = brokerAnswerIn(cause);
  const reason = answer === undefined ? undefined : reasons[answer];
  if (answer !== undefined && reason) return new KafkaRefusedError(answer, reason, topics, { cause });
  const why = answer === undefined ? '' : ` (${answer})`;
  return new BrokerUnavailableError(
    `Kafka did not acknowledge the records for ${topics.join(', ')}${why}; check that the brokers are up.`,
    { cause },
  );
}

/** Kafka's name for the error, which kafkajs hides behind its own errors. */
function brokerAnswerIn(error: unknown): string | undefined {
  for (const link of causesOf(error)) {
    const { name, type } = link as { name?: unknown; type?: unknown };
    if (name === 'KafkaJSProtocolError' && typeof type === 'string') return type;
    if (name === 'KafkaJSSASLAuthenticationError') return 'SASL_AUTHENTICATION_FAILED';
  }
  return undefined;
}
