/**
 * What a failure says about the record that met it:
 * - `permanent`: the record can never succeed (not JSON, breaks its schema): dead-lettered at once;
 * - `transient`: the record may succeed when tried again: retried, then dead-lettered;
 * - `infrastructure`: says nothing about the record (a database or broker is unreachable): the invocation
 *   fails, the trigger delivers again.
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

/** A setting is missing or malformed; the message names it and what it may be. */
export class ConfigurationError extends OpenOrderError {
  readonly code = 'OPENORDER_CONFIGURATION';
  override readonly disposition = 'infrastructure';
}

/** A secret cannot be read from Secrets Manager, or is not what it should be. */
export class SecretUnavailableError extends OpenOrderError {
  readonly code = 'OPENORDER_SECRET_UNAVAILABLE';
  override readonly disposition = 'infrastructure';
}

/** A record's value is not JSON or breaks its topic's schema. */
export class InvalidRecordError extends OpenOrderError {
  readonly code = 'OPENORDER_INVALID_RECORD';
  override readonly disposition = 'permanent';
}

/** An invocation brought an event that is not what a Kafka trigger makes; the message names the field. */
export class InvalidEventError extends OpenOrderError {
  readonly code = 'OPENORDER_INVALID_EVENT';
  override readonly disposition = 'permanent';
}

/** PostgreSQL is unreachable, timed out, or refuses for now. */
export class DatabaseUnavailableError extends OpenOrderError {
  readonly code = 'OPENORDER_DATABASE_UNAVAILABLE';
  override readonly disposition = 'infrastructure';
}

/**
 * PostgreSQL has no connection left to give; those that idle are closed after seconds, so a later attempt may
 * get one.
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
 * Another transaction came first (deadlock, serialization failure, a row inserted concurrently); a
 * transaction that throws it is run again.
 */
export class DatabaseConflictError extends OpenOrderError {
  readonly code = 'OPENORDER_DATABASE_CONFLICT';
  override readonly disposition = 'infrastructure';
}

/** A statement failed for a reason that is not the connection's: a constraint, a type, a defect. */
export class DatabaseStatementError extends OpenOrderError {
  readonly code = 'OPENORDER_DATABASE_STATEMENT';
}

/** Kafka did not take the records in time. */
export class BrokerUnavailableError extends OpenOrderError {
  readonly code = 'OPENORDER_BROKER_UNAVAILABLE';
  override readonly disposition = 'infrastructure';
}

/** A topic, or a partition of it, does not exist. */
export class UnknownTopicError extends OpenOrderError {
  readonly code = 'OPENORDER_UNKNOWN_TOPIC';
  override readonly disposition = 'permanent';
}

/** The inbox of a laptop, from which the console shows mails, does not answer. */
export class MailboxUnavailableError extends OpenOrderError {
  readonly code = 'OPENORDER_MAILBOX_UNAVAILABLE';
  override readonly disposition = 'infrastructure';
}

/** Kafka did not create topics: it is unreachable, or the login may not create them. */
export class TopicsNotCreatedError extends OpenOrderError {
  readonly code = 'OPENORDER_TOPICS_NOT_CREATED';
  override readonly disposition = 'infrastructure';
}

/** Too little of the invocation's time is left to continue; the trigger delivers the batch again. */
export class InvocationTimeShortError extends OpenOrderError {
  readonly code = 'OPENORDER_INVOCATION_TIME_SHORT';
  override readonly disposition = 'infrastructure';
}

/** A bearer token is not accepted; the message says why and may be shown to the sender. */
export class TokenRefusedError extends OpenOrderError {
  readonly code = 'OPENORDER_TOKEN_REFUSED';
  override readonly disposition = 'permanent';
}

/** The issuer of tokens does not give its keys, so no token can be verified for now. */
export class IssuerUnavailableError extends OpenOrderError {
  readonly code = 'OPENORDER_ISSUER_UNAVAILABLE';
  override readonly disposition = 'infrastructure';
}

/** Nothing says whose tokens to trust, so every request is refused. */
export class AuthenticationNotConfiguredError extends OpenOrderError {
  readonly code = 'OPENORDER_AUTHENTICATION_NOT_CONFIGURED';
}

/** The error, its cause, that one's cause, and so on; a ring of causes ends at its first error. */
export function* causesOf(error: unknown): Generator {
  const seen = new Set<unknown>();
  for (let link = error; link != null && !seen.has(link); link = (link as { cause?: unknown }).cause) {
    seen.add(link);
    yield link;
  }
}
