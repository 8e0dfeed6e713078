import { messageOf } from '../errors.ts';
import { brokersOf } from '../event-source-mappings.ts';
import type { Log } from '../host/serverless.ts';
import type { Settings } from '../host/settings.ts';
import { createKafka } from '../kafka/client.ts';
import type { MappingDefinition } from '../mapping/definition.ts';
import { findLag, type PartitionLag } from './find-lag.ts';

/** The lag of one trigger, or the reason it could not be read. */
export interface TriggerLag {
  readonly functionKey: string;
  readonly topic: string;
  readonly groupId: string;
  readonly partitions: readonly PartitionLag[];
  readonly error?: string;
}

/** The lag of every trigger; one whose topic or broker cannot be read carries the error instead. */
export async function findTriggerLags(
  definitions: readonly MappingDefinition[],
  settings: Settings,
  log: Log,
): Promise<TriggerLag[]> {
  return Promise.all(
    definitions.map(async (definition) => {
      const { functionKey, topic, groupId } = definition;
      try {
        const kafka = createKafka(brokersOf(definition, settings), settings, log);
        return { functionKey, topic, groupId, partitions: await findLag(kafka, groupId, topic) };
      } catch (error) {
        return { functionKey, topic, groupId, partitions: [], error: messageOf(error) };
      }
    }),
  );
}
