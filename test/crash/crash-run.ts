import { topics } from '../../lib/contracts/topics.ts';
import { closeClients } from '../../lib/local/stack/invoke-local.ts';
import { createDatabase } from '../../lib/postgres/database.ts';
import { repeatedRecords, violations, type Violation } from '../support/invariants.ts';
import { enterContacts } from '../support/contacts.ts';
import { readInbox } from '../support/inbox.ts';
import { createRandom } from '../support/random.ts';
import { readTables, type Snapshot } from '../support/snapshot.ts';
import { readTopics } from '../support/topics.ts';
import { torment } from './chaos.ts';
import { customers, makeWishes, putStock, visit, type Visits } from './customers.ts';
import { setScene, type Scene } from './scene.ts';
import { settle } from './settled.ts';
import type { Victim } from './victim.ts';

export interface CrashOptions {
  readonly seed: number;
  readonly orders: number;
  /** How long orders arrive while everything is being killed, in ms. */
  readonly durationMs: number;
  /** Receives one line for each thing that happens. */
  readonly tell: (what: string) => void;
}

/** What one run has shown. */
export interface CrashReport {
  readonly victims: readonly Pick<Victim, 'name' | 'kills' | 'pauses' | 'faints'>[];
  readonly visits: Visits;
  readonly snapshot: Snapshot;
  /** Records that repeat another: redeliveries, seen from outside. */
  readonly repeatedRecords: number;
  readonly violations: readonly Violation[];
  /** Measured from the end of the last outage. */
  readonly settledAfterMs: number;
}

/** How long after the last outage something may still be in progress. */
const settleDeadlineMs = 180_000;

/**
 * Runs the real service on a real broker and database, hits all three at random while orders arrive, and
 * counts the results.
 */
export async function crashRun(options: CrashOptions): Promise<CrashReport> {
  const scene = await setScene();
  try {
    await putStock(scene.url, Math.ceil(options.orders / 3));
    await enterContacts(scene.databaseUrl, customers);
    const { visits, calmSince } = await visitAmidCrashes(scene, options);
    return await takeStock(scene, visits, calmSince, options.tell);
  } finally {
    await closeClients();
    await scene.stop();
  }
}

async function visitAmidCrashes(
  scene: Scene,
  { seed, orders, durationMs, tell }: CrashOptions,
): Promise<{ visits: Visits; calmSince: number }> {
  const random = createRandom(seed);
  const end = AbortSignal.timeout(durationMs);
  const wishes = makeWishes(orders, random);
  const torments = [scene.service, scene.broker, scene.database].map((victim) =>
    torment(victim, createRandom(random.between(0, 2 ** 31)), end, tell),
  );
  const calm = Promise.all(torments).then(() => {
    tell('everything is running again');
    return Date.now();
  });
  const [visits, calmSince] = await Promise.all([visit(scene.url, wishes, durationMs), calm]);
  tell(`all ${orders} orders are answered`);
  return { visits, calmSince };
}

async function takeStock(
  scene: Scene,
  visits: Visits,
  calmSince: number,
  tell: CrashOptions['tell'],
): Promise<CrashReport> {
  const { brokers, databaseUrl, service, broker, database } = scene;
  const connection = createDatabase(databaseUrl);
  const pending = await settle(connection, brokers, settleDeadlineMs);
  const settledAfterMs = Date.now() - calmSince;
  tell(pending ? `still in progress: ${JSON.stringify(pending)}` : 'all is settled');
  const snapshot = {
    ...(await readTables(connection)),
    records: await readTopics(brokers, topics),
    mails: await readInbox(scene.mailUrl),
  };
  return {
    victims: [service, broker, database],
    visits,
    snapshot,
    repeatedRecords: repeatedRecords(snapshot.records),
    violations: violations(visits.answered, snapshot),
    settledAfterMs,
  };
}
