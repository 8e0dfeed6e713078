import { readFileSync } from 'node:fs';
import type { KafkaEvent } from '../../lib/kafka/records.ts';

/** A sample invocation of `events/<function>/<name>.json`, as Lambda delivers it. */
export function sample(functionKey: string, name: string): unknown {
  const path = new URL(`../../events/${functionKey}/${name}.json`, import.meta.url);
  return JSON.parse(readFileSync(path, 'utf8'));
}

/** A sample invocation by a Kafka trigger. */
export function kafkaSample(functionKey: string, name: string): KafkaEvent {
  return sample(functionKey, name) as KafkaEvent;
}
