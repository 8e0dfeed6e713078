import { setTimeout as pause } from 'node:timers/promises';
import type { Random } from '../support/random.ts';
import type { Victim } from './victim.ts';

/** How hard a victim is hit; all in ms. */
interface Fate {
  readonly restMs: readonly [least: number, most: number];
  readonly downMs: readonly [least: number, most: number];
  readonly frozenMs: readonly [least: number, most: number];
}

/**
 * Pauses exceed every timeout: kafkajs' request (3 s), the group session (6 s), the customer's patience
 * (8 s), PostgreSQL's statement (20 s).
 */
const fates: Readonly<Record<string, Fate>> = {
  service: { restMs: [4_000, 14_000], downMs: [0, 2_000], frozenMs: [500, 12_000] },
  broker: { restMs: [2_000, 12_000], downMs: [0, 8_000], frozenMs: [1_000, 12_000] },
  database: { restMs: [4_000, 14_000], downMs: [0, 5_000], frozenMs: [1_000, 25_000] },
};

/** Hits one victim repeatedly until the signal aborts; leaves it running. */
export async function torment(
  victim: Victim,
  random: Random,
  signal: AbortSignal,
  tell: (what: string) => void,
): Promise<void> {
  const fate = fates[victim.name];
  if (!fate) throw new Error(`${victim.name} has no fate.`);
  const span = ([least, most]: readonly [number, number]) => random.between(least, most);
  for (;;) {
    await pause(span(fate.restMs), undefined, { signal }).catch(() => undefined);
    if (signal.aborted) break;
    if (random.oneIn(3)) {
      const ms = span(fate.frozenMs);
      tell(`${victim.name} frozen for ${ms} ms`);
      await victim.pause(() => pause(ms));
    } else {
      const ms = span(fate.downMs);
      tell(`${victim.name} killed, down for ${ms} ms`);
      await victim.kill(() => pause(ms));
      tell(`${victim.name} is back`);
    }
  }
  await victim.revive();
}
