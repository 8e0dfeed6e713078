import { Logger } from '@aws-lambda-powertools/logger';
import { sourceStack } from './stack-trace.ts';

/** Structured logs of this container: ids and positions, never payloads. */
export const logger = new Logger({ serviceName: 'openorder' });

/**
 * Logs an unexpected failure with its stack and causes, but none of the data that clients attach to errors
 * (queries, connections).
 */
export function logFailure(message: string, error: unknown): void {
  logger.error(message, { failure: failureOf(error) });
}

function failureOf(error: unknown): unknown {
  if (!(error instanceof Error)) return String(error);
  const code = 'code' in error ? error.code : undefined;
  const cause = error.cause === undefined ? undefined : failureOf(error.cause);
  const message = quotesValues(error) ? '(left out: it may quote values)' : error.message;
  const stack = sourceStack((error.stack ?? '').replace(error.message, () => message));
  return { name: error.name, code, message, stack, cause };
}

/** PostgreSQL's messages quote values; only its errors have a `routine`. */
function quotesValues(error: Error): boolean {
  return 'routine' in error && error.routine !== undefined;
}
