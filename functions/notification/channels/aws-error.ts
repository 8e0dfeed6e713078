import { dispositionOf } from '../../../lib/kafka/disposition.ts';
import { NotificationProviderUnavailableError, NotificationRefusedError } from '../errors.ts';

/**
 * Names of a service's errors: those that refuse a message permanently, and those that mean the service is
 * down for everyone.
 */
interface ErrorNames {
  readonly refused: readonly string[];
  readonly unavailable: readonly string[];
}

/**
 * Turns what an AWS client threw into the error that a channel reports. Throttling and service faults stay as
 * they are: they may be temporary.
 */
export function toNotificationError(
  service: string,
  cause: unknown,
  { refused, unavailable }: ErrorNames,
): unknown {
  const { name, status } = describe(cause);
  if (refused.includes(name)) {
    return new NotificationRefusedError(`${service} refused the message (${name}).`, { cause });
  }
  // 403: credentials or permissions; missing credentials: CredentialsProviderError.
  const forbidden = status === 403 || name === 'CredentialsProviderError';
  if (unavailable.includes(name) || forbidden || dispositionOf(cause) === 'infrastructure') {
    const advice = 'check the credentials, the permissions and the account';
    return new NotificationProviderUnavailableError(
      `${service} is not available to us (${name}); ${advice}.`,
      {
        cause,
      },
    );
  }
  return cause;
}

function describe(error: unknown): { readonly name: string; readonly status: number | undefined } {
  if (!(error instanceof Error)) return { name: typeof error, status: undefined };
  const { $metadata } = error as { $metadata?: { httpStatusCode?: number } };
  return { name: error.name, status: $metadata?.httpStatusCode };
}
