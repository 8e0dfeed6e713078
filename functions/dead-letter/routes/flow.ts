import * as v from 'valibot';
import type { Routes, Serialized } from '../../../contracts/route.ts';
import { cacheable, ifNoneMatch } from '../../../contracts/shared.ts';
import type { TriggerFlow } from '../get-flow.ts';

const offsetSchema = v.pipe(v.number(), v.integer(), v.minValue(0));

const triggerFlowSchema: v.GenericSchema<unknown, Serialized<TriggerFlow>> = v.pipe(
  v.object({
    function: v.string(),
    topic: v.string(),
    consumerGroup: v.string(),
    ratePerSecond: v.nullable(v.number()),
    lagRecords: v.nullable(offsetSchema),
    lagSeconds: v.nullable(v.number()),
    deadLetters: v.nullable(offsetSchema),
    partitions: v.nullable(
      v.array(v.object({ partition: offsetSchema, committed: v.nullable(offsetSchema), end: offsetSchema })),
    ),
  }),
  v.title('TriggerFlow'),
);

/** How operators see the flow through the triggers, as the OpenAPI document describes it. */
export const routesOfFlow: Routes = {
  getFlow: {
    summary: 'Show how each trigger keeps up with its topic',
    headers: { 'If-None-Match': ifNoneMatch },
    answers: {
      200: {
        description: 'Every trigger; what is unknown because a part is unavailable is null.',
        headers: cacheable.headers,
        schema: v.object({ triggers: v.array(triggerFlowSchema), unavailable: v.array(v.string()) }),
        example: { triggers: [], unavailable: [] },
      },
      ...cacheable.unchanged,
    },
  },
};
