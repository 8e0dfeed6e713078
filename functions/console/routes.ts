import * as v from 'valibot';
import type { Routes } from '../../contracts/route.ts';
import { cacheable, ifNoneMatch } from '../../contracts/shared.ts';
import { momentSchema } from '../../lib/contracts/order-item.ts';
import { querySchema as mailsQuery } from './list-mails.ts';
import { querySchema as recordsQuery } from './list-records.ts';

const topicSchema = v.pipe(v.string(), v.regex(/^[\w.-]{1,249}$/));
const offsetSchema = v.pipe(v.number(), v.integer(), v.minValue(0));
const partitionRangeSchema = v.pipe(
  v.object({ partition: offsetSchema, start: offsetSchema, end: offsetSchema }),
  v.title('PartitionRange'),
);

const readableSchema = v.pipe(
  v.union([v.object({ text: v.string() }), v.object({ base64: v.string() })]),
  v.title('Readable'),
  v.description('Bytes: as text when they are UTF-8, else in base64.'),
);

const recordSchema = v.pipe(
  v.object({
    topic: topicSchema,
    partition: offsetSchema,
    offset: offsetSchema,
    timestamp: v.nullable(momentSchema),
    timestampType: v.string(),
    key: v.nullable(readableSchema),
    value: v.nullable(v.intersect([readableSchema, v.object({ bytes: offsetSchema, cut: v.boolean() })])),
    headers: v.array(v.intersect([v.object({ name: v.string() }), readableSchema])),
  }),
  v.title('Record'),
);

const headers = { 'If-None-Match': ifNoneMatch };
const range = { partition: 0, start: 0, end: 12 };

/** Routes that show what happens, as the OpenAPI document describes them. */
export const consoleRoutes: Routes = {
  listTopics: {
    summary: 'List topics with the offsets they hold',
    headers,
    answers: {
      200: {
        description: 'Every topic.',
        headers: cacheable.headers,
        schema: v.object({
          topics: v.array(v.object({ topic: topicSchema, partitions: v.array(partitionRangeSchema) })),
        }),
        example: { topics: [{ topic: 'order.created', partitions: [range] }] },
      },
      ...cacheable.unchanged,
    },
  },
  listRecords: {
    summary: 'List records of a topic: the newest, or those from an offset, from a time or with a key',
    path: { topic: { description: 'The topic.', schema: topicSchema, example: 'order.created' } },
    query: recordsQuery,
    headers,
    answers: {
      200: {
        description: 'A page of records.',
        headers: cacheable.headers,
        schema: v.object({
          partitions: v.array(partitionRangeSchema),
          records: v.array(recordSchema),
          nextCursor: v.exactOptional(v.string()),
        }),
        example: { partitions: [range], records: [] },
      },
      ...cacheable.unchanged,
    },
    problems: ['not-found'],
  },
  listMails: {
    summary: "List the mails in the laptop's inbox, newest first, or those with a Message-ID",
    query: mailsQuery,
    headers,
    answers: {
      200: {
        description: 'As Mailpit answers.',
        headers: cacheable.headers,
        schema: v.looseObject({ messages: v.array(v.looseObject({ ID: v.string(), Subject: v.string() })) }),
        example: { messages: [{ ID: 'x1', Subject: 'Your order 1 is confirmed' }] },
      },
      ...cacheable.unchanged,
    },
    problems: ['not-found'],
  },
  getMail: {
    summary: "Show a mail in the laptop's inbox",
    path: {
      id: {
        description: 'The mail.',
        schema: v.pipe(v.string(), v.regex(/^[\w-]{1,100}$/)),
        example: 'x1',
      },
    },
    headers,
    answers: {
      200: {
        description: 'As Mailpit answers.',
        headers: cacheable.headers,
        schema: v.looseObject({ ID: v.string(), Subject: v.string() }),
        example: { ID: 'x1', Subject: 'Your order 1 is confirmed' },
      },
      ...cacheable.unchanged,
    },
    problems: ['not-found', 'invalid-fields'],
  },
};
