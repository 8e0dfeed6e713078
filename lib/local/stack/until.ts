import { setTimeout as pause } from 'node:timers/promises';

/** How {@link until} waits. */
export interface Patience {
  /** Give up after this many ms. */
  readonly deadlineMs: number;
  /** What is waited for, as used in "gave up waiting for …". */
  readonly what: string;
  /** Check again after this many ms; 50 by default. */
  readonly intervalMs?: number;
  /** Ends the waiting early, with the signal's reason. */
  readonly signal?: AbortSignal | undefined;
}

/**
 * Checks repeatedly until the condition returns anything but undefined or false, and returns that.
 * A condition that throws counts as not fulfilled yet.
 * @throws Error when the deadline has passed, with the condition's last error as cause.
 */
export async function until<T>(
  condition: () => Promise<T | undefined | false> | T | undefined | false,
  { deadlineMs, what, intervalMs = 50, signal }: Patience,
): Promise<T> {
  const giveUpAt = Date.now() + deadlineMs;
  for (;;) {
    signal?.throwIfAborted();
    const { value, cause } = await attempt(condition);
    if (value !== undefined && value !== false) return value;
    if (Date.now() >= giveUpAt)
      throw new Error(`Gave up waiting for ${what} after ${deadlineMs} ms.`, { cause });
    await pause(intervalMs, undefined, { signal }).catch(() => undefined); // an abort is thrown above, with its reason
  }
}

async function attempt<T>(condition: () => Promise<T> | T): Promise<{ value?: T; cause?: unknown }> {
  try {
    return { value: await condition() };
  } catch (cause) {
    return { cause };
  }
}
