import * as v from 'valibot';
import { time } from '../../lib/edge.ts';
import { UnknownTopicError } from '../../lib/errors.ts';
import { withEntityTag } from '../../lib/http/entity-tag.ts';
import { type Answer, httpFunction } from '../../lib/http/http-function.ts';
import { invalidFields, notFound } from '../../lib/http/problem.ts';
import { check, type HttpRequest, integerText, readQuery } from '../../lib/http/request.ts';
import { connectTopicReader } from '../../lib/kafka/connect.ts';
import { valueLimit } from '../../lib/kafka/readable.ts';
import type { KafkaRecord } from '../../lib/kafka/records.ts';
import type { PartitionRange, TopicReader } from '../../lib/kafka/topic-reader.ts';
import { cursorText, toCursor } from '../../lib/page.ts';
import { newestPage, pageFrom, pageOfKey, type Positions, type RecordPage } from './record-page.ts';
import { recordView } from './record-view.ts';

const pathSchema = v.object({
  topic: v.pipe(v.string(), v.regex(/^[\w.-]{1,249}$/, 'must be the name of a topic')),
});

const offsetText = integerText(0, Number.MAX_SAFE_INTEGER);

export const querySchema = v.object({
  partition: v.exactOptional(integerText(0, 2 ** 31 - 1)),
  offset: v.exactOptional(offsetText),
  key: v.exactOptional(v.pipe(v.string(), v.maxLength(1_000, 'must have at most 1000 characters'))),
  /** Negative times mean something else to Kafka, such as -1 the end. */
  from: v.exactOptional(
    v.pipe(
      time,
      v.transform((moment) => Math.max(0, moment.getTime())),
    ),
  ),
  limit: v.optional(integerText(1, 50), '50'),
  value: v.optional(v.picklist(['cut', 'whole'], 'must be cut or whole'), 'cut'),
  cursor: v.exactOptional(
    cursorText(
      v.pipe(v.string(), v.regex(/^\d{1,10}:\d{1,15}(,\d{1,10}:\d{1,15})*$/), v.transform(toPositions)),
    ),
  ),
});

type Query = v.InferOutput<typeof querySchema>;
type Reader = Pick<TopicReader, 'ranges' | 'offsetsAt' | 'read' | 'partitionOf'>;

/**
 * Shows records of a topic: the newest first; or, oldest first, those from an offset of a partition, from a
 * time, or with a key. None of it scans the topic: each request reads a bounded span of each partition.
 */
export function listRecords({ reader }: { readonly reader: Reader }) {
  return async (request: HttpRequest): Promise<Answer> => {
    const { topic } = check(request.pathParameters, pathSchema, '');
    const query = readQuery(request, querySchema);
    if (query.offset !== undefined && query.partition === undefined) {
      throw invalidFields([{ pointer: 'partition', detail: 'is missing: an offset belongs to a partition' }]);
    }
    const ranges = await rangesOf(reader, topic, query.partition);
    const { records, next, ...page } = await readPage(reader, topic, ranges, query);
    return {
      status: 200,
      body: {
        partitions: ranges,
        records: records.map((record) => recordView(record, valueLimitOf(query))),
        ...page,
        ...(next && { nextCursor: toCursor(positionsText(next)) }),
      },
    };
  };
}

async function rangesOf(reader: Reader, topic: string, partition: number | undefined) {
  const ranges = await ofExistingTopic(reader, topic);
  const wanted = ranges.filter((range) => partition === undefined || range.partition === partition);
  if (wanted.length === 0) throw notFound('The topic has no such partition.');
  return wanted;
}

async function ofExistingTopic(reader: Reader, topic: string): Promise<readonly PartitionRange[]> {
  try {
    return (await reader.ranges([topic])).get(topic) ?? [];
  } catch (error) {
    if (error instanceof UnknownTopicError) throw notFound('There is no such topic.');
    throw error;
  }
}

async function readPage(
  reader: Reader,
  topic: string,
  ranges: readonly PartitionRange[],
  query: Query,
): Promise<RecordPage> {
  const positions = query.cursor ?? (await startOf(reader, topic, query));
  if (query.key !== undefined) {
    const partition = query.partition ?? (await reader.partitionOf(topic, query.key));
    const [range = { partition, start: 0, end: 0 }] = ranges.filter((one) => one.partition === partition);
    const position = positions?.get(partition);
    const fits = answerOfBoundedSize(query);
    return pageOfKey(reader, { topic, range, position, key: query.key, limit: query.limit, fits });
  }
  return readByTime(reader, topic, ranges, positions, query);
}

function readByTime(
  reader: Reader,
  topic: string,
  ranges: readonly PartitionRange[],
  positions: Positions | undefined,
  query: Query,
): Promise<RecordPage> {
  const page = { topic, ranges, positions, limit: query.limit, fits: answerOfBoundedSize(query) };
  const isForward = query.offset !== undefined || query.from !== undefined;
  return isForward ? pageFrom(reader, page) : newestPage(reader, page);
}

/** How many bytes of a value are shown. */
function valueLimitOf({ value }: Query): number {
  return value === 'whole' ? Infinity : valueLimit;
}

/**
 * The most bytes that a page's records may take in the function's result, which holds the response's JSON
 * escaped once more. A Lambda function may answer 6 MB; the first record is shown however large it is.
 * https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html
 */
const answerLimit = 5 * 1024 * 1024;

/** Whether a page still has room for a record; to be called once for each record. */
function answerOfBoundedSize(query: Query): (record: KafkaRecord) => boolean {
  let bytes = 0;
  return (record) => {
    const isFirst = bytes === 0;
    const json = JSON.stringify(recordView(record, valueLimitOf(query)));
    bytes += Buffer.byteLength(JSON.stringify(json));
    return isFirst || bytes <= answerLimit;
  };
}

async function startOf(
  reader: Reader,
  topic: string,
  { partition, offset, from }: Query,
): Promise<Positions | undefined> {
  if (offset !== undefined && partition !== undefined) return new Map([[partition, offset]]);
  return from === undefined ? undefined : (await reader.offsetsAt([topic], from)).get(topic);
}

function toPositions(cursor: string): Positions {
  return new Map(cursor.split(',').map((pair) => pair.split(':').map(Number) as [number, number]));
}

function positionsText(positions: Positions): string {
  return [...positions].map(([partition, offset]) => `${partition}:${offset}`).join(',');
}

export const handler = httpFunction(
  { scopes: ['operator:read'] },
  withEntityTag(listRecords({ reader: connectTopicReader() })),
);
