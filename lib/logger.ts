import { Logger } from '@aws-lambda-powertools/logger';

/** Structured logs of this container: ids and positions, never payloads. */
export const logger = new Logger({ serviceName: 'openorder' });

/** Logs an unexpected failure with its stack and causes. */
export function logFailure(message: string, error: unknown): void {
  logger.error(message, error instanceof Error ? error : String(error));
}
