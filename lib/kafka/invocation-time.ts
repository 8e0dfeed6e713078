import { setTimeout as wait } from 'node:timers/promises';
import { InvocationTimeShortError } from '../errors.ts';
import type { Invocation } from './failures.ts';

/** With less than this left of the invocation, in ms, nothing more is started. */
const reserveMs = 2_000;

/**
 * With this left, in ms, work in progress is abandoned: failing before the timeout keeps the container, and
 * says why.
 */
const lastMomentMs = 1_000;

/** The longest delay that setTimeout accepts, in ms. */
const longestTimerMs = 2 ** 31 - 1;

/** @throws InvocationTimeShortError when less time is left than `neededMs` plus the reserve */
export function requireTime(invocation: Invocation, neededMs: number): void {
  if (invocation.remainingMs() <= neededMs + reserveMs) throw timeShort();
}

/**
 * The result of work, unless the invocation's last moment comes first; the work may then continue in the
 * background.
 * @throws what the work throws, or InvocationTimeShortError
 */
export async function beforeTimeout<Result>(work: Promise<Result>, invocation: Invocation): Promise<Result> {
  const done = new AbortController();
  const leftMs = Math.max(0, Math.min(invocation.remainingMs() - lastMomentMs, longestTimerMs));
  const lastMoment = wait(leftMs, undefined, { signal: done.signal }).then(() => {
    throw timeShort();
  });
  try {
    return await Promise.race([work, lastMoment]);
  } finally {
    done.abort();
  }
}

function timeShort(): InvocationTimeShortError {
  return new InvocationTimeShortError(
    'The time of the invocation is nearly over; raise the function timeout or lower the batch size if this repeats.',
  );
}
