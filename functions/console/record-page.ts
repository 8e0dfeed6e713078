import type { KafkaRecord } from '../../lib/kafka/records.ts';
import type { PartitionRange, TopicReader } from '../../lib/kafka/topic-reader.ts';

/** By partition, the offset at which the next page continues. */
export type Positions = ReadonlyMap<number, number>;

/** A page of records; without `next` there are no more. */
export interface RecordPage {
  readonly records: readonly KafkaRecord[];
  readonly next?: Positions;
}

/** Which page of a topic is requested. */
interface PageQuery {
  readonly topic: string;
  readonly ranges: readonly PartitionRange[];
  readonly positions: Positions | undefined;
  readonly limit: number;
  /** Whether the page still has room for this record; called in the order of the page, until it is false. */
  readonly fits: (record: KafkaRecord) => boolean;
}

/** Offsets searched for a key in one request, and the most bytes of their values. */
const searchedOffsets = 1_000;
const searchedBytes = 8 * 1024 * 1024;

/**
 * Offsets searched at first: the wanted record is usually where the search begins, and decoding a thousand
 * records takes 50 to 100 ms.
 */
const firstSearchedOffsets = 50;

/**
 * The newest records, or those before the positions; of each partition only the last `limit` offsets are
 * read.
 */
export async function newestPage(reader: Pick<TopicReader, 'read'>, query: PageQuery): Promise<RecordPage> {
  const { topic, ranges, positions, limit } = query;
  const endOf = ({ partition, end }: PartitionRange) => Math.min(end, positions?.get(partition) ?? end);
  const ends = ranges.map((range) => ({ ...range, end: endOf(range) }));
  const lanes = await Promise.all(
    ends.map(async ({ partition, start, end }) => {
      const from = Math.max(start, end - limit);
      const { records } = await reader.read({ topic, partition, from, to: end });
      return { partition, start, next: end, from, waiting: [...records] };
    }),
  );
  const records = takeNewest(lanes, query);
  const next = new Map(lanes.map((lane) => [lane.partition, nextBelow(lane)]));
  const hasMore = lanes.some((lane) => nextBelow(lane) > lane.start);
  return { records, ...(hasMore && { next }) };
}

/** The oldest records from the positions on. */
export async function pageFrom(reader: Pick<TopicReader, 'read'>, query: PageQuery): Promise<RecordPage> {
  const { topic, ranges, positions, limit } = query;
  const lanes = await Promise.all(
    ranges.map(async ({ partition, start, end }) => {
      const from = Math.max(start, positions?.get(partition) ?? start);
      const to = Math.min(end, from + limit);
      const { records } = await reader.read({ topic, partition, from, to });
      return { partition, end, next: from, to: Math.max(from, to), waiting: [...records] };
    }),
  );
  const records = takeOldest(lanes, query);
  const next = new Map(lanes.map((lane) => [lane.partition, nextAbove(lane)]));
  const hasMore = lanes.some((lane) => nextAbove(lane) < lane.end);
  return { records, ...(hasMore && { next }) };
}

/** What a search for a key covered. */
export interface SearchedPage extends RecordPage {
  readonly searched: { readonly partition: number; readonly from: number; readonly to: number };
}

/**
 * The records with a key among the next offsets of its partition; without a position, among the newest. The
 * search ends early once `limit` of them are found.
 */
export async function pageOfKey(
  reader: Pick<TopicReader, 'read'>,
  { topic, range, position, key, ...bounds }: KeyQuery,
): Promise<SearchedPage> {
  const { partition, start, end } = range;
  const from = Math.min(end, Math.max(start, position ?? end - searchedOffsets));
  const to = Math.min(end, from + searchedOffsets);
  const found: KafkaRecord[] = [];
  let next = from;
  let size = firstSearchedOffsets;
  while (next < to && found.length < bounds.limit) {
    const span = { topic, partition, from: next, to: Math.min(to, next + size) };
    const read = await reader.read(span, searchedBytes);
    const matching = read.records.filter((record) => record.key?.toString('utf8') === key);
    const left = take(matching, found, bounds);
    next = left?.offset ?? read.next;
    if (next < span.to) break; // the page is full, or that many bytes are enough for one request
    size = searchedOffsets;
  }
  const searched = { partition, from, to: next };
  return { records: found, searched, ...(next < end && { next: new Map([[partition, next]]) }) };
}

/** Adds records to a page while they fit. @returns the first that does not fit */
function take(
  records: readonly KafkaRecord[],
  page: KafkaRecord[],
  { limit, fits }: Bounds,
): KafkaRecord | undefined {
  for (const record of records) {
    if (page.length === limit || !fits(record)) return record;
    page.push(record);
  }
  return undefined;
}

interface KeyQuery extends Bounds {
  readonly topic: string;
  readonly range: PartitionRange;
  readonly position: number | undefined;
  readonly key: string;
}

type Bounds = Pick<PageQuery, 'limit' | 'fits'>;

interface Lane {
  next: number;
  readonly waiting: KafkaRecord[];
}

/**
 * Merges partitions by time, newest record first; within a partition the order of offsets holds, whatever the
 * timestamps say.
 */
function takeNewest(lanes: readonly Lane[], { limit, fits }: Bounds): KafkaRecord[] {
  const taken: KafkaRecord[] = [];
  while (taken.length < limit) {
    const lane = firstBy(lanes, (waiting) => -(waiting.at(-1)?.timestamp ?? 0));
    const record = lane?.waiting.at(-1);
    if (!lane || !record || !fits(record)) break;
    lane.waiting.pop();
    lane.next = record.offset;
    taken.push(record);
  }
  return taken;
}

/** The same, oldest record first. */
function takeOldest(lanes: readonly Lane[], { limit, fits }: Bounds): KafkaRecord[] {
  const taken: KafkaRecord[] = [];
  while (taken.length < limit) {
    const lane = firstBy(lanes, ([oldest]) => oldest?.timestamp ?? 0);
    const [record] = lane?.waiting ?? [];
    if (!lane || !record || !fits(record)) break;
    lane.waiting.shift();
    lane.next = record.offset + 1;
    taken.push(record);
  }
  return taken;
}

function firstBy<L extends Lane>(lanes: readonly L[], rank: (waiting: readonly KafkaRecord[]) => number) {
  const [first] = lanes
    .filter(({ waiting }) => waiting.length > 0)
    .toSorted((a, b) => rank(a.waiting) - rank(b.waiting));
  return first;
}

/** Where a lane continues: at what is still waiting, else below all that was read, compacted or not. */
function nextBelow({ waiting, next, from }: Lane & { readonly from: number }): number {
  return waiting.length > 0 ? next : from;
}

function nextAbove({ waiting, next, to }: Lane & { readonly to: number }): number {
  return waiting.length > 0 ? next : to;
}
