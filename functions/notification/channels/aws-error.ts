import { NotificationProviderUnavailableError, NotificationRefusedError } from '../errors.ts';
import { dispositionOf } from '../../../lib/kafka/disposition.ts';

/** Names of a service's errors: those that say a message is refused for good, and those that say nobody can be served. */
interface ErrorNames {
  readonly refused: readonly string[];
  readonly away: readonly string[];
}

/** What an AWS client threw, as a channel tells it. Throttling and the service's own faults stay as they are: they may pass. */
export function toNotificationError(service: string, cause: unknown, { refused, away }: ErrorNames): unknown {
  const { name, status } = describe(cause);
  if (refused.includes(name)) {
    return new NotificationRefusedError(`${service} refused the message (${name}).`, { cause });
  }
  // 403: credentials or permissions; no credentials at all: CredentialsProviderError.
  const forbidden = status === 403 || name === 'CredentialsProviderError';
  if (away.includes(name) || forbidden || dispositionOf(cause) === 'infrastructure') {
    const advice = 'see the credentials, the permissions and the account';
    return new NotificationProviderUnavailableError(`${service} serves nobody (${name}); ${advice}.`, {
      cause,
    });
  }
  return cause;
}

function describe(error: unknown): { readonly name: string; readonly status: number | undefined } {
  if (!(error instanceof Error)) return { name: typeof error, status: undefined };
  const { $metadata } = error as { $metadata?: { httpStatusCode?: number } };
  return { name: error.name, status: $metadata?.httpStatusCode };
}
