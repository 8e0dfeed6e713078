import { repeatedMails } from '../support/invariants.ts';
import type { CrashReport } from './crash-run.ts';

/** How many violations are listed one by one; beyond that, their number says enough. */
const listed = 30;

/** The counts of a run, a line each. */
export function describe(report: CrashReport): string {
  const { victims, visits, snapshot, repeatedRecords, violations, settledAfterMs } = report;
  const count = (kind: string) => violations.filter((violation) => violation.kind === kind).length;
  const statuses = Map.groupBy(snapshot.orders, ({ status }) => status);
  const topics = Map.groupBy(snapshot.records, ({ topic }) => topic);
  return [
    ...victims.map(
      ({ name, kills, pauses, faints }) =>
        `${name}: killed ${kills} times, frozen ${pauses} times, exited unexpectedly ${faints} times`,
    ),
    `requests sent again for want of an answer: ${visits.retries}; keys used twice on purpose: ${visits.replays}`,
    `orders: ${sizes(statuses)}`,
    `records: ${sizes(topics)}; of these, repeated byte for byte: ${repeatedRecords}`,
    `mails: ${snapshot.mails.length}; of these, sent again since nothing was marked yet: ${repeatedMails(snapshot.mails)}`,
    `settled ${Math.round(settledAfterMs / 1000)} s after the last outage`,
    ...violations.slice(0, listed).map(({ kind, what }) => `${kind.toUpperCase()} ${what}`),
    ...visits.surprises.slice(0, listed).map((what) => `SURPRISE ${what}`),
    `lost: ${count('lost')}, doubled: ${count('doubled')}, otherwise wrong: ${count('wrong') + visits.surprises.length}`,
  ].join('\n');
}

/** Whether every promise was kept. */
export function isClean({ violations, visits, victims }: CrashReport): boolean {
  const faints = victims.reduce((sum, victim) => sum + victim.faints, 0);
  return violations.length + visits.surprises.length + faints === 0;
}

function sizes(groups: ReadonlyMap<string, readonly unknown[]>): string {
  return [...groups]
    .map(([name, members]) => `${members.length} ${name}`)
    .sort()
    .join(', ');
}
