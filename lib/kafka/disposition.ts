import { causesOf, type Disposition, OpenOrderError } from '../errors.ts';
import { saysUnavailable } from '../postgres/sql-state.ts';

/** Connection errors of Node and of clients built on it; they say nothing about the record. */
const connectionErrors = new Set([
  'ECONNREFUSED',
  'ECONNRESET',
  'ECONNABORTED',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EPIPE',
  'ETIMEDOUT',
  'UND_ERR_CONNECT_TIMEOUT', // of fetch
  'UND_ERR_SOCKET',
]);

/**
 * What a failure says about its record, for any thrown value. The outermost typed error decides;
 * below that, connection errors anywhere in the chain of causes or among the errors of an aggregate, and
 * errors that kafkajs calls retriable.
 */
export function dispositionOf(error: unknown): Disposition {
  for (const link of causesOf(error)) {
    if (link instanceof OpenOrderError) return link.disposition;
    if (isConnectionError(link) || hasInfrastructureError(link)) return 'infrastructure';
  }
  return 'transient';
}

function hasInfrastructureError(error: unknown): boolean {
  return (
    error instanceof AggregateError &&
    error.errors.some((one) => one !== error && dispositionOf(one) === 'infrastructure')
  );
}

function isConnectionError(error: unknown): boolean {
  if (typeof error !== 'object' || error === null) return false;
  const { code, name, retriable } = error as { code?: unknown; name?: unknown; retriable?: unknown };
  if (typeof code === 'string' && connectionErrors.has(code)) return true;
  if (saysUnavailable(code)) return true;
  return typeof name === 'string' && name.startsWith('KafkaJS') && retriable === true;
}
