import type { PartitionLag } from './find-lag.ts';
import type { TriggerLag } from './trigger-lag.ts';

const heading = ['Trigger', 'Partition', 'Behind', 'Oldest age', 'Committed', 'End', 'Group'];

/** Columns of numbers, right-aligned. */
const numeric = new Set(['Partition', 'Behind', 'Committed', 'End']);

/** A table of the partitions that are behind, or a sentence when there are none. */
export function describeBehind(triggers: readonly TriggerLag[], now: number): string {
  const behind = triggers.flatMap((trigger) => rowsOf(trigger, now, ({ lag }) => lag > 0));
  const partitions = triggers.reduce((sum, trigger) => sum + trigger.partitions.length, 0);
  const summary = `No trigger is behind (triggers: ${triggers.length}, partitions: ${partitions}).`;
  return [behind.length > 0 ? tableOf(behind) : summary, ...errorsOf(triggers)].join('\n');
}

/** A table of all partitions of all triggers. */
export function describeAll(triggers: readonly TriggerLag[], now: number): string {
  const rows = triggers.flatMap((trigger) => rowsOf(trigger, now, () => true));
  return [tableOf(rows), ...errorsOf(triggers)].join('\n');
}

/** All partitions of all triggers as JSON; times in ISO 8601, ages in ms. */
export function lagAsJson(triggers: readonly TriggerLag[], now: number): string {
  const list = triggers.map(({ functionKey, topic, groupId, partitions, error }) => ({
    function: functionKey,
    topic,
    group: groupId,
    lag: partitions.reduce((sum, { lag }) => sum + lag, 0),
    partitions: partitions.map((one) => partitionAsJson(one, now)),
    ...(error === undefined ? {} : { error }),
  }));
  return JSON.stringify(list, null, 2);
}

function partitionAsJson(
  { partition, committed, end, lag, oldestTimestampMs: time }: PartitionLag,
  now: number,
) {
  return {
    partition,
    committed: committed ?? null,
    end,
    lag,
    oldestTimestamp: time === undefined ? null : new Date(time).toISOString(),
    oldestAgeMs: time === undefined ? null : now - time,
  };
}

function rowsOf(trigger: TriggerLag, now: number, isShown: (lag: PartitionLag) => boolean): string[][] {
  const { functionKey, topic, groupId, partitions } = trigger;
  return partitions
    .filter(isShown)
    .map(({ partition, lag, oldestTimestampMs, committed, end }) => [
      `${functionKey} ← ${topic}`,
      String(partition),
      lag.toLocaleString('en'),
      oldestTimestampMs === undefined ? '–' : ageOf(now - oldestTimestampMs),
      committed === undefined ? 'none' : String(committed),
      String(end),
      groupId,
    ]);
}

function errorsOf(triggers: readonly TriggerLag[]): string[] {
  return triggers.flatMap(({ functionKey, topic, error }) =>
    error === undefined ? [] : [`${functionKey} ← ${topic}: ${error}`],
  );
}

function tableOf(rows: readonly string[][]): string {
  const widths = heading.map((title, column) =>
    Math.max(title.length, ...rows.map((row) => row[column]?.length ?? 0)),
  );
  const pad = (cell: string, column: number) =>
    numeric.has(heading[column] ?? '')
      ? cell.padStart(widths[column] ?? 0)
      : cell.padEnd(widths[column] ?? 0);
  return [heading, ...rows].map((row) => row.map(pad).join('  ').trimEnd()).join('\n');
}

const units = [
  { name: 'd', ms: 86_400_000 },
  { name: 'h', ms: 3_600_000 },
  { name: 'min', ms: 60_000 },
  { name: 's', ms: 1000 },
];

/** The two largest units: `2 min 5 s`; `0 s` below a second. */
export function ageOf(ageMs: number): string {
  let rest = Math.max(0, ageMs);
  const parts = units.flatMap(({ name, ms }) => {
    const count = Math.floor(rest / ms);
    rest -= count * ms;
    return count > 0 ? [`${count} ${name}`] : [];
  });
  return parts.slice(0, 2).join(' ') || '0 s';
}
