import { triggers, type Trigger } from 'deployed:triggers';
import { OpenOrderError } from '../../lib/errors.ts';
import { withEntityTag } from '../../lib/http/entity-tag.ts';
import { type Answer, httpFunction } from '../../lib/http/http-function.ts';
import { connectTopicReader } from '../../lib/kafka/connect.ts';
import type { PartitionRange, TopicReader } from '../../lib/kafka/topic-reader.ts';
import { logFailure } from '../../lib/logger.ts';
import { connectDatabase } from '../../lib/postgres/connect.ts';
import { type Cause, createDeadLetterStore, type DeadLetterStore } from './dead-letter-store.ts';

interface Dependencies {
  readonly triggers: readonly Trigger[];
  readonly reader: Pick<TopicReader, 'ranges' | 'offsetsAt' | 'committed' | 'read'>;
  readonly store: Pick<DeadLetterStore, 'causes'>;
  readonly now: () => number;
}

/** A group's position in a partition; `committed` is null before it has read anything. */
interface PartitionProgress {
  readonly partition: number;
  readonly committed: number | null;
  readonly end: number;
}

/** How a trigger keeps up with its topic; what could not be found out is null. */
export interface TriggerFlow extends Trigger {
  /** Records written to the topic per second, over the last minute. */
  readonly ratePerSecond: number | null;
  /** Records that the group has not taken yet. */
  readonly lagRecords: number | null;
  /** How long the oldest of them has waited; 0 when there is none. */
  readonly lagSeconds: number | null;
  /** Dead letters of the group that still need a decision. */
  readonly deadLetters: number | null;
  readonly partitions: readonly PartitionProgress[] | null;
}

/** The time over which a rate is measured, in ms. */
const rateWindowMs = 60_000;

/**
 * Shows each Kafka trigger of the deployed map: how much comes in, how far it is behind, and how much of it
 * failed.
 */
export function getFlow({ triggers, reader, store, now }: Dependencies) {
  return async (): Promise<Answer> => {
    const topics = [...new Set(triggers.map(({ topic }) => topic))];
    const [traffic, causes] = await Promise.all([
      orUnknown(measureTraffic(reader, topics, now())),
      orUnknown(store.causes({ status: 'NEW' })),
    ]);
    const flows = triggers.map(async (trigger): Promise<TriggerFlow> => {
      const ofTopic = traffic?.get(trigger.topic);
      const deadLetters = causes ? deadLettersOf(trigger, causes) : null;
      if (!ofTopic) return { ...trigger, ...unknownTraffic, deadLetters };
      const { ranges, ratePerSecond } = ofTopic;
      const progress = (await orUnknown(measureLag(reader, trigger, ranges, now()))) ?? unknownLag;
      return { ...trigger, ratePerSecond, ...progress, deadLetters };
    });
    const unavailable = [...(traffic ? [] : ['kafka']), ...(causes ? [] : ['postgresql'])];
    return { status: 200, body: { triggers: await Promise.all(flows), unavailable } };
  };
}

const unknownLag = { lagRecords: null, lagSeconds: null, partitions: null };
const unknownTraffic = { ratePerSecond: null, ...unknownLag };

/** Undefined when Kafka or PostgreSQL is unavailable: half a picture is better than none. */
async function orUnknown<T>(finding: Promise<T>): Promise<T | undefined> {
  try {
    return await finding;
  } catch (error) {
    if (!(error instanceof OpenOrderError)) throw error;
    logFailure('part of the flow is unknown', error);
    return undefined;
  }
}

interface Traffic {
  readonly ranges: readonly PartitionRange[];
  readonly ratePerSecond: number;
}

async function measureTraffic(
  reader: Dependencies['reader'],
  topics: readonly string[],
  at: number,
): Promise<Map<string, Traffic>> {
  const [ranges, before] = await Promise.all([
    reader.ranges(topics),
    reader.offsetsAt(topics, at - rateWindowMs),
  ]);
  return new Map(
    [...ranges].map(([topic, ofTopic]) => {
      const written = sum(
        ofTopic.map(({ partition, end }) => end - (before.get(topic)?.get(partition) ?? end)),
      );
      // Written between the two questions, or deleted by retention.
      const ratePerSecond = Math.max(0, written) / (rateWindowMs / 1_000);
      return [topic, { ranges: ofTopic, ratePerSecond: Math.round(ratePerSecond * 100) / 100 }];
    }),
  );
}

async function measureLag(
  reader: Dependencies['reader'],
  { topic, consumerGroup }: Trigger,
  ranges: readonly PartitionRange[],
  at: number,
) {
  const committed = await reader.committed(consumerGroup, topic);
  const unread = ranges.map(({ partition, start, end }) => ({
    topic,
    partition,
    from: Math.min(end, Math.max(start, committed.get(partition) ?? start)),
    to: end,
  }));
  const waits = unread
    .filter(({ from, to }) => from < to)
    .map(async (span) => {
      const { records } = await reader.read({ ...span, to: span.from + 1 });
      return records.map(({ timestamp }) => Math.max(0, at - timestamp));
    });
  const waited = (await Promise.all(waits)).flat();
  return {
    lagRecords: sum(unread.map(({ from, to }) => to - from)),
    lagSeconds: Math.round(Math.max(0, ...waited) / 100) / 10,
    partitions: ranges.map(({ partition, end }) => ({
      partition,
      committed: committed.get(partition) ?? null,
      end,
    })),
  };
}

function deadLettersOf({ topic, consumerGroup }: Trigger, causes: readonly Cause[]): number {
  const ofTrigger = causes.filter(
    (cause) => cause.originalTopic === topic && cause.consumerGroup === consumerGroup,
  );
  return sum(ofTrigger.map(({ count }) => count));
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0);
}

export const handler = httpFunction(
  { scopes: ['operator:read'] },
  withEntityTag(
    getFlow({
      triggers,
      reader: connectTopicReader(),
      store: createDeadLetterStore(connectDatabase()),
      now: Date.now,
    }),
  ),
);
