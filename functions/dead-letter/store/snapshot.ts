import type { Queryable } from '../../../lib/postgres/database.ts';
import type { Selection } from '../operator/selection.ts';
import { isSelected, selectionValues } from './selection-condition.ts';

/** What a selection matched at one moment. */
export interface Snapshot {
  readonly matching: number;
  /** The newest dead letter that matched; 0 when none did. */
  readonly throughId: number;
  /** The oldest one, which a redrive sends first. */
  readonly oldestId: number;
  /** Differs when other dead letters match, also when there are as many. */
  readonly fingerprint: string;
}

/** Whether the same dead letters match as when the preview was made. */
export function isUnchanged(before: Snapshot, now: Snapshot): boolean {
  return before.matching === now.matching && before.fingerprint === now.fingerprint;
}

/** Is given what an action takes, and throws when the operator was shown something else. */
export type Accept = (taken: Snapshot) => void;

/** Columns of a snapshot; they describe a set of dead letters, for comparison with a later one. */
export const snapshotColumns = `count(*) AS matching, coalesce(max(dead_letter_id), 0) AS "throughId",
  coalesce(min(dead_letter_id), 0) AS "oldestId",
  coalesce(bit_xor(hashint8extended(dead_letter_id, 0)), 0)::text AS fingerprint`;

/** What a selection matches now. */
export async function snapshot(database: Queryable, selection: Selection): Promise<Snapshot> {
  const [found] = await database.query<Snapshot>(
    `SELECT ${snapshotColumns} FROM dead_letter.dead_letter WHERE ${isSelected}`,
    selectionValues(selection),
  );
  return found ?? { matching: 0, throughId: 0, oldestId: 0, fingerprint: '0' };
}
