import type { Selection } from '../operator/selection.ts';

/**
 * The part of the dead letters that an operation still has to look at: those after one id, through another.
 */
export interface Range {
  readonly afterId: number;
  readonly throughId: number;
}

/** As a condition, selects dead letters whose headers name no consumer group, or no exception. */
const noValue = '(none)';

/** The condition of a selection, with the values that `selectionValues` gives as its parameters. */
export const isSelected = `
  ($1::bigint[] IS NULL OR dead_letter_id = ANY ($1))
  AND ($2::text IS NULL OR $2 IN (original_topic, topic))
  AND ($3::text IS NULL OR consumer_group IS NOT DISTINCT FROM nullif($3, '${noValue}'))
  AND ($4::text IS NULL OR $4 IN (exception_class, cause_class) OR $4 = '${noValue}' AND exception_class IS NULL)
  AND ($5::text IS NULL OR key_text = $5)
  AND ($6::timestamptz IS NULL OR failed_at >= $6)
  AND ($7::timestamptz IS NULL OR failed_at < $7)
  AND ($8::text IS NULL OR status = $8)
  AND dead_letter_id > $9 AND dead_letter_id <= $10`;

/** All dead letters. */
export const everything: Range = { afterId: 0, throughId: Number.MAX_SAFE_INTEGER };

/** The values of `isSelected`'s ten parameters. */
export function selectionValues(selection: Selection, { afterId, throughId } = everything): unknown[] {
  const { ids, topic, consumerGroup, exception, key, from, to, status } = selection;
  return [ids, topic, consumerGroup, exception, key, from, to, status, afterId, throughId];
}
