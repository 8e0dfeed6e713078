import * as v from 'valibot';
import { text, time } from '../../../lib/edge.ts';
import { actions, operationStates, sources } from '../operation.ts';

/** Which operations are listed; all given conditions must hold. */
export const operationFilterFields = {
  action: v.exactOptional(v.picklist(actions)),
  operator: v.exactOptional(text(200)),
  source: v.exactOptional(v.picklist(sources)),
  state: v.exactOptional(v.picklist(operationStates)),
  /** Begun at this time or later. */
  from: v.exactOptional(time),
  /** Begun before this time. */
  to: v.exactOptional(time),
};

/** Which operations an operator means. */
export type OperationFilter = v.InferOutput<v.StrictObjectSchema<typeof operationFilterFields, undefined>>;
