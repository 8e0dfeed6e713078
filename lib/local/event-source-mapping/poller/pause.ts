import { setTimeout as delay } from 'node:timers/promises';

/** Waits, but not beyond the abort of `signal`. */
export async function pause(milliseconds: number, signal: AbortSignal): Promise<void> {
  await delay(milliseconds, undefined, { signal }).catch(() => undefined);
}
