import type { GenericSchema } from 'valibot';

/**
 * What a topic promises: its name and the schema of its values. Unknown fields are ignored, never rejected.
 */
export interface Contract<Value = unknown> {
  readonly topic: string;
  readonly schema: GenericSchema<unknown, Value>;
}

/** The value type of a contract. */
export type ValueOf<C> = C extends Contract<infer Value> ? Value : never;

const deadLetterSuffix = '.DLT';

/** The topic that takes the dead letters of a topic. */
export function deadLetterTopicOf(topic: string): string {
  return topic + deadLetterSuffix;
}

/** Whether a topic takes dead letters. */
export function isDeadLetterTopic(topic: string): boolean {
  return topic.endsWith(deadLetterSuffix);
}
