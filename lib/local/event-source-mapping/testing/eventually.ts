import { setTimeout as delay } from 'node:timers/promises';

/**
 * Calls `condition` until its result is neither undefined nor false, and returns it.
 * @throws Error after `deadlineMs`, with the last failure as cause
 */
export async function eventually<T>(
  what: string,
  condition: () => T | undefined | false | Promise<T | undefined | false>,
  deadlineMs = 20_000,
): Promise<T> {
  const giveUpAt = Date.now() + deadlineMs;
  for (;;) {
    try {
      const value = await condition();
      if (value !== undefined && value !== false) return value;
    } catch (cause) {
      if (Date.now() > giveUpAt) throw new Error(`Gave up waiting: ${what}.`, { cause });
    }
    if (Date.now() > giveUpAt) throw new Error(`Gave up waiting: ${what}.`);
    await delay(25);
  }
}
