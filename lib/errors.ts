/**
 * What a failure says about the record that encountered it:
 * - `permanent`: the record can never succeed (not JSON, violates its schema): dead-lettered immediately;
 * - `transient`: the record may succeed when retried: retried, then dead-lettered;
 * - `infrastructure`: says nothing about the record (a database or broker is unreachable): the invocation
 *   fails, and the trigger redelivers.
 */
export type Disposition = 'permanent' | 'transient' | 'infrastructure';

/** Base of every error that this project throws deliberately. `code` is stable; programs may rely on it. */
export abstract class OpenOrderError extends Error {
  abstract readonly code: string;
  readonly disposition: Disposition = 'transient';

  constructor(message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = new.target.name;
  }
}

/** A setting is missing or malformed; the message names it and what is allowed. */
export class ConfigurationError extends OpenOrderError {
  readonly code = 'OPENORDER_CONFIGURATION';
  override readonly disposition = 'infrastructure';
}

/** A secret cannot be read from Secrets Manager, or does not hold what it should. */
export class SecretUnavailableError extends OpenOrderError {
  readonly code = 'OPENORDER_SECRET_UNAVAILABLE';
  override readonly disposition = 'infrastructure';
}

/** A record's value is not JSON or violates its topic's schema. */
export class InvalidRecordError extends OpenOrderError {
  readonly code = 'OPENORDER_INVALID_RECORD';
  override readonly disposition = 'permanent';
}

/** An invocation's event is not one that a Kafka trigger sends; the message names the field. */
export class InvalidEventError extends OpenOrderError {
  readonly code = 'OPENORDER_INVALID_EVENT';
  override readonly disposition = 'permanent';
}

/** PostgreSQL is unreachable, timed out, or temporarily refuses. */
export class DatabaseUnavailableError extends OpenOrderError {
  readonly code = 'OPENORDER_DATABASE_UNAVAILABLE';
  override readonly disposition = 'infrastructure';
}

/**
 * PostgreSQL has no connection left; idle ones are closed within seconds, so a later attempt may get one.
 */
export class DatabaseFullError extends OpenOrderError {
  readonly code = 'OPENORDER_DATABASE_FULL';
  override readonly disposition = 'infrastructure';
}

/** PostgreSQL refused the user or the password: a secret was rotated, or a setting is wrong. */
export class DatabaseLoginRefusedError extends OpenOrderError {
  readonly code = 'OPENORDER_DATABASE_LOGIN_REFUSED';
  override readonly disposition = 'infrastructure';
}

/**
 * Another transaction got in first (deadlock, serialization failure, a row inserted concurrently); a
 * transaction that throws this is run again.
 */
export class DatabaseConflictError extends OpenOrderError {
  readonly code = 'OPENORDER_DATABASE_CONFLICT';
  override readonly disposition = 'infrastructure';
}

/** A statement failed for a reason other than the connection: a constraint, a type, a bug. */
export class DatabaseStatementError extends OpenOrderError {
  readonly code = 'OPENORDER_DATABASE_STATEMENT';
}

/** Kafka did not acknowledge the records in time. */
export class BrokerUnavailableError extends OpenOrderError {
  readonly code = 'OPENORDER_BROKER_UNAVAILABLE';
  override readonly disposition = 'infrastructure';
}

/** A topic, or a partition of it, does not exist. */
export class UnknownTopicError extends OpenOrderError {
  readonly code = 'OPENORDER_UNKNOWN_TOPIC';
  override readonly disposition = 'permanent';
}

/** The local inbox, from which the console shows mails, does not answer. */
export class MailboxUnavailableError extends OpenOrderError {
  readonly code = 'OPENORDER_MAILBOX_UNAVAILABLE';
  override readonly disposition = 'infrastructure';
}

/** Kafka did not create topics: it is unreachable, or the login may not create them. */
export class TopicsNotCreatedError extends OpenOrderError {
  readonly code = 'OPENORDER_TOPICS_NOT_CREATED';
  override readonly disposition = 'infrastructure';
}

/** Too little of the invocation's time is left to continue; the trigger redelivers the batch. */
export class InvocationTimeShortError extends OpenOrderError {
  readonly code = 'OPENORDER_INVOCATION_TIME_SHORT';
  override readonly disposition = 'infrastructure';
}

/** A bearer token was not accepted; the message says why and may be shown to the sender. */
export class TokenRefusedError extends OpenOrderError {
  readonly code = 'OPENORDER_TOKEN_REFUSED';
  override readonly disposition = 'permanent';
}

/** The token issuer does not provide its keys, so no token can be verified for now. */
export class IssuerUnavailableError extends OpenOrderError {
  readonly code = 'OPENORDER_ISSUER_UNAVAILABLE';
  override readonly disposition = 'infrastructure';
}

/** No setting says whose tokens to trust, so every request is refused. */
export class AuthenticationNotConfiguredError extends OpenOrderError {
  readonly code = 'OPENORDER_AUTHENTICATION_NOT_CONFIGURED';
}

/** The error, its cause, the cause's cause, and so on; a cycle of causes ends where it would repeat. */
export function* causesOf(error: unknown): Generator {
  const seen = new Set<unknown>();
  for (let link = error; link != null && !seen.has(link); link = (link as { cause?: unknown }).cause) {
    seen.add(link);
    yield link;
  }
}
