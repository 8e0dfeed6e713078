import { setTimeout as delay } from 'node:timers/promises';

/** Waits until the time has passed or `signal` aborts. */
export async function pause(milliseconds: number, signal: AbortSignal): Promise<void> {
  await delay(milliseconds, undefined, { signal }).catch(() => undefined);
}

/** Waits for `work` or until `signal` aborts. */
export async function untilAborted(work: Promise<unknown>, signal: AbortSignal): Promise<void> {
  const aborted = Promise.withResolvers<undefined>();
  const onAbort = () => {
    aborted.resolve(undefined);
  };
  if (signal.aborted) onAbort();
  signal.addEventListener('abort', onAbort);
  await Promise.race([work, aborted.promise]);
  signal.removeEventListener('abort', onAbort);
}
