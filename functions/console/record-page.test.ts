import type { KafkaRecord } from '../../lib/kafka/records.ts';
import type { PartitionRange } from '../../lib/kafka/topic-reader.ts';
import { newestPage, pageFrom, pageOfKey, type Positions } from './record-page.ts';

const topic = 'order.created';

/** Two partitions whose records alternate in time: 0 at even seconds, 1 at odd ones. */
function recordAt(partition: number, offset: number): KafkaRecord {
  return {
    topic,
    partition,
    offset,
    timestamp: (offset * 2 + partition) * 1_000,
    timestampType: 'CREATE_TIME',
    key: Buffer.from(String(offset)),
    value: Buffer.from('{}'),
    headers: [],
  };
}

function readerWithout(missing: readonly number[] = []) {
  return {
    read: ({ partition, from, to }: { partition: number; from: number; to: number }) => {
      const offsets = Array.from({ length: to - from }, (_, index) => from + index);
      const there = offsets.filter((offset) => !missing.includes(offset));
      return Promise.resolve({ records: there.map((offset) => recordAt(partition, offset)), next: to });
    },
  };
}

const ranges: PartitionRange[] = [
  { partition: 0, start: 0, end: 4 },
  { partition: 1, start: 0, end: 4 },
];
const fits = () => true;
const places = (records: readonly KafkaRecord[]) =>
  records.map(({ partition, offset }) => `${partition}@${offset}`);

describe('pages of the newest records', () => {
  it('when two partitions were written alternately, merges them by time', async () => {
    const page = await newestPage(readerWithout(), { topic, ranges, positions: undefined, limit: 3, fits });
    expect(places(page.records)).toEqual(['1@3', '0@3', '1@2']);
  });

  it('when followed to the end, show every record once', async () => {
    const seen: string[] = [];
    let page = await newestPage(readerWithout(), { topic, ranges, positions: undefined, limit: 3, fits });
    seen.push(...places(page.records));
    while (page.next) {
      page = await newestPage(readerWithout(), { topic, ranges, positions: page.next, limit: 3, fits });
      seen.push(...places(page.records));
    }
    expect(seen).toEqual(['1@3', '0@3', '1@2', '0@2', '1@1', '0@1', '1@0', '0@0']);
  });

  it('when the response is full, end there, and the next page continues with what did not fit', async () => {
    const seen: string[][] = [];
    let positions: Positions | undefined;
    do {
      let room = 2;
      const page = await newestPage(readerWithout(), {
        topic,
        ranges,
        positions,
        limit: 3,
        fits: () => room-- > 0,
      });
      seen.push(places(page.records));
      positions = page.next;
    } while (positions);
    expect(seen).toEqual([
      ['1@3', '0@3'],
      ['1@2', '0@2'],
      ['1@1', '0@1'],
      ['1@0', '0@0'],
    ]);
  });

  it('when a position is beyond the end, as after a topic was recreated, begin at the end', async () => {
    const positions = new Map([[0, 999]]);
    const page = await newestPage(readerWithout(), { topic, ranges, positions, limit: 2, fits });
    expect(places(page.records)).toEqual(['1@3', '0@3']);
  });

  it('when a whole page was compacted away, continues below it', async () => {
    const page = await newestPage(readerWithout([2, 3]), {
      topic,
      ranges,
      positions: undefined,
      limit: 2,
      fits,
    });
    expect(page.records).toEqual([]);
    expect(page.next).toEqual(
      new Map([
        [0, 2],
        [1, 2],
      ]),
    );
  });
});

describe('pages from a position on', () => {
  it('when followed to the end, show every record once, oldest first', async () => {
    const positions = new Map([
      [0, 2],
      [1, 1],
    ]);
    const first = await pageFrom(readerWithout(), { topic, ranges, positions, limit: 3, fits });
    const second = await pageFrom(readerWithout(), { topic, ranges, positions: first.next, limit: 3, fits });
    expect(places(first.records)).toEqual(['1@1', '0@2', '1@2']);
    expect(places(second.records)).toEqual(['0@3', '1@3']);
    expect(second.next).toBeUndefined();
  });

  it('when the position was deleted by retention, begin at the oldest record still there', async () => {
    const trimmed = [{ partition: 0, start: 3, end: 4 }];
    const page = await pageFrom(readerWithout(), {
      topic,
      ranges: trimmed,
      positions: new Map([[0, 1]]),
      limit: 3,
      fits,
    });
    expect(places(page.records)).toEqual(['0@3']);
  });
});

describe('a search for a key', () => {
  const range = { partition: 0, start: 0, end: 5_000 };

  it('when a position is given, looks at a bounded span from there and says which', async () => {
    const page = await pageOfKey(readerWithout(), {
      topic,
      range,
      position: 100,
      key: '105',
      limit: 50,
      fits,
    });
    expect(places(page.records)).toEqual(['0@105']);
    expect(page.searched).toEqual({ partition: 0, from: 100, to: 1_100 });
    expect(page.next).toEqual(new Map([[0, 1_100]]));
  });

  it('when none is given, looks at the newest', async () => {
    const page = await pageOfKey(readerWithout(), {
      topic,
      range,
      position: undefined,
      key: '105',
      limit: 50,
      fits,
    });
    expect(page).toMatchObject({ records: [], searched: { partition: 0, from: 4_000, to: 5_000 } });
    expect(page.next).toBeUndefined();
  });

  it('when as many as requested are found, reads no further, and says where it stopped', async () => {
    const spans: unknown[] = [];
    const { read } = readerWithout();
    const reader = {
      read: (span: Parameters<typeof read>[0]) => {
        spans.push([span.from, span.to]);
        return read(span);
      },
    };
    const page = await pageOfKey(reader, { topic, range, position: 100, key: '105', limit: 1, fits });
    expect(spans).toEqual([[100, 150]]);
    expect(page.searched).toEqual({ partition: 0, from: 100, to: 150 });
    expect(page.next).toEqual(new Map([[0, 150]]));
  });

  it('when more match than a page holds, ends at the limit, and the next page continues with the rest', async () => {
    const records = Array.from({ length: 40 }, (_, offset) => recordAt(0, 100 + offset));
    const same = records.map((record) => ({ ...record, key: Buffer.from('k') }));
    const reader = { read: () => Promise.resolve({ records: same, next: 150 }) };
    const query = { topic, range, position: 100, key: 'k', limit: 3, fits };
    const page = await pageOfKey(reader, query);
    expect(places(page.records)).toEqual(['0@100', '0@101', '0@102']);
    expect(page.next).toEqual(new Map([[0, 103]]));
  });

  it('when a span holds too many bytes, the next request continues where it ended', async () => {
    const reader = {
      read: ({ from }: { readonly from: number }) => Promise.resolve({ records: [], next: from + 7 }),
    };
    const page = await pageOfKey(reader, { topic, range, position: 100, key: '105', limit: 1, fits });
    expect(page.next).toEqual(new Map([[0, 107]]));
  });
});
