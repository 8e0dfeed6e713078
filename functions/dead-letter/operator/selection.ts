import * as v from 'valibot';
import { identifierSchema } from '../../../lib/contracts/order-item.ts';
import { text, time } from '../../../lib/edge.ts';
import { statuses } from '../dead-letter.ts';

/** As the archive cuts them, since their index entries are limited. */
const searchText = text(249);

/**
 * How operators say which dead letters they mean. All conditions must hold; without any, all dead letters are
 * meant.
 */
export const selectionFields = {
  /** Dead letters by their own ids. */
  ids: v.exactOptional(v.pipe(v.array(identifierSchema), v.minLength(1), v.maxLength(1_000))),
  /** The original topic, or the dead-letter topic. */
  topic: v.exactOptional(searchText),
  /** The consumer group that failed. */
  consumerGroup: v.exactOptional(searchText),
  /** The class of the exception or of its cause. */
  exception: v.exactOptional(searchText),
  /** The record's key, as text. */
  key: v.exactOptional(searchText),
  /** Failed at this time or later. */
  from: v.exactOptional(time),
  /** Failed before this time. */
  to: v.exactOptional(time),
  status: v.exactOptional(v.picklist(statuses)),
};

/** Which dead letters an operator means. */
export type Selection = v.InferOutput<v.StrictObjectSchema<typeof selectionFields, undefined>>;
