import type { Admin } from 'kafkajs';
import { messageOf } from './errors.ts';
import { brokersOf } from './event-source-mappings.ts';
import type { Log } from './host/serverless.ts';
import type { Settings } from './host/settings.ts';
import { createKafka, withAdmin } from './kafka/client.ts';
import type { MappingDefinition } from './mapping/definition.ts';

/** How far a group is behind in one partition; `committed` is undefined before the first start. */
interface PartitionLag {
  readonly partition: number;
  readonly committed: number | undefined;
  readonly end: number;
  readonly lag: number;
}

/** The text of `serverless kafka lag`: a line for each mapping and one for each of its partitions. */
export async function describeLag(
  definitions: readonly MappingDefinition[],
  settings: Settings,
  log: Log,
): Promise<string> {
  const parts = definitions.map(async (definition) => {
    const { functionKey, topic, groupId } = definition;
    const title = `${functionKey} ← ${topic} (group ${groupId})`;
    const kafka = createKafka(brokersOf(definition, settings), settings, log);
    try {
      const lags = await withAdmin(kafka, (admin) => findLag(admin, groupId, topic));
      const total = lags.reduce((sum, { lag }) => sum + lag, 0);
      return [`${title}: ${total} behind`, ...lags.map(lineOf)].join('\n');
    } catch (error) {
      return `${title}: ${messageOf(error)}`;
    }
  });
  return (await Promise.all(parts)).join('\n');
}

async function findLag(admin: Admin, groupId: string, topic: string): Promise<PartitionLag[]> {
  const ends = await admin.fetchTopicOffsets(topic);
  const [group] = await admin.fetchOffsets({ groupId, topics: [topic] });
  const committed = new Map(group?.partitions.map(({ partition, offset }) => [partition, Number(offset)]));
  return ends
    .map(({ partition, low, high }) =>
      lagOf(partition, committed.get(partition) ?? -1, Number(low), Number(high)),
    )
    .sort((a, b) => a.partition - b.partition);
}

function lagOf(partition: number, offset: number, low: number, end: number): PartitionLag {
  const isCommitted = offset >= 0;
  return {
    partition,
    committed: isCommitted ? offset : undefined,
    end,
    lag: Math.max(0, end - (isCommitted ? Math.max(offset, low) : low)),
  };
}

function lineOf({ partition, committed, end, lag }: PartitionLag): string {
  return `  partition ${partition}: committed ${committed ?? 'nothing'}, end ${end}, lag ${lag}`;
}
