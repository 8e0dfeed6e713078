import { NotificationDeferredError, NotificationRefusedError } from '../../../lib/errors.ts';

/** 4xx statuses that may pass: request timeout, too early, too many requests. https://www.rfc-editor.org/rfc/rfc9110#section-15.5 */
const mayPass = new Set([408, 425, 429]);

/**
 * Posts to an address that a customer gave. A redirect is not followed: it could lead anywhere.
 * @returns the headers of the answer
 * @throws NotificationRefusedError for 3xx and 4xx, NotificationDeferredError for 408, 425, 429, 5xx and when nobody answers
 */
export async function post(
  url: string,
  body: string | Uint8Array<ArrayBuffer>,
  headers: Readonly<Record<string, string>>,
  signal: AbortSignal,
): Promise<Headers> {
  const request = { method: 'POST', body, headers, signal, redirect: 'manual' } as const;
  const response = await fetch(url, request).catch((cause: unknown) => {
    throw new NotificationDeferredError('The address cannot be reached.', { cause });
  });
  await response.body?.cancel();
  if (response.ok) return response.headers;
  const message = `The address answered ${response.status}.`;
  if (response.status >= 500 || mayPass.has(response.status)) throw new NotificationDeferredError(message);
  throw new NotificationRefusedError(message);
}
