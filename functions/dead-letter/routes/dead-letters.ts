import * as v from 'valibot';
import type { Parameter, RouteAnswer, Routes, Serialized } from '../../../contracts/route.ts';
import { identifierSchema } from '../../../lib/contracts/order-item.ts';
import { integerText } from '../../../lib/http/request.ts';
import type { Marked } from '../actions/mark-dead-letters.ts';
import type { Cause } from '../dead-letter-store.ts';
import { statuses } from '../dead-letter.ts';
import { shownValue } from '../get-dead-letter.ts';
import { operationStates } from '../operation.ts';
import { selectionFields } from '../operator/selection.ts';

/** In a query several ids have commas between. */
const conditions = { ...selectionFields, ids: v.exactOptional(v.string()) };

const idParameter: Parameter = { description: 'The dead letter.', schema: identifierSchema, example: 1 };
const operationId = '8f3e4a52-6c1d-4d4b-9a53-3f7a0c5b1e20';

const countSchema = v.pipe(v.number(), v.integer(), v.minValue(0));
const momentSchema = v.pipe(v.string(), v.isoTimestamp());
const textOrNull = v.nullable(v.string());

const causeSchema: v.GenericSchema<unknown, Serialized<Cause>> = v.pipe(
  v.object({
    originalTopic: v.string(),
    consumerGroup: textOrNull,
    exceptionClass: textOrNull,
    causeClass: textOrNull,
    status: v.picklist(statuses),
    count: countSchema,
    oldest: momentSchema,
    newest: momentSchema,
    message: textOrNull,
    trend: v.array(countSchema),
  }),
  v.title('Cause'),
);

const deadLetterSchema = v.pipe(
  v.looseObject({ deadLetterId: identifierSchema, status: v.picklist(statuses), originalTopic: v.string() }),
  v.title('DeadLetter'),
);

const causeFields = { total: countSchema, causes: v.array(causeSchema) };
const noCauses = { total: 0, causes: [] };

/** What a dry run shows, and an action carries. */
const previewFields = {
  matching: v.exactOptional(countSchema),
  throughId: v.exactOptional(countSchema),
  oldestId: v.exactOptional(countSchema),
  causes: v.exactOptional(v.array(causeSchema)),
  preview: v.exactOptional(v.string()),
};

const markedSchema: v.GenericSchema<unknown, Serialized<Marked>> = v.object({
  ...previewFields,
  operationId: v.exactOptional(v.string()),
  matching: countSchema,
  changed: countSchema,
});
const marked: RouteAnswer = {
  description:
    'How many there were, and the operation that can be undone; a dry run changes none, and gives a preview to carry out.',
  schema: markedSchema,
  example: { operationId, matching: 2, changed: 2 },
};

const refusedSchema = v.array(v.object({ id: identifierSchema, topic: v.string(), reason: v.string() }));
const redrivenSchema = v.object({
  operationId: v.exactOptional(v.string()),
  redriven: v.exactOptional(countSchema),
  remaining: v.exactOptional(countSchema),
  nextCursor: v.exactOptional(v.string()),
  refused: v.exactOptional(refusedSchema),
  state: v.exactOptional(v.picklist(operationStates)),
  dryRun: v.exactOptional(v.literal(true)),
  ...previewFields,
  readers: v.exactOptional(
    v.array(v.object({ function: v.string(), topic: v.string(), consumerGroup: v.string() })),
  ),
});

const dryRun = v.exactOptional(v.boolean());
const preview = v.exactOptional(v.string());
const markBody = { schema: v.strictObject({ ...selectionFields, dryRun, preview }), example: { ids: [1] } };
const redriveBody = {
  schema: v.strictObject({
    ...selectionFields,
    dryRun,
    preview,
    limit: v.exactOptional(identifierSchema),
    total: v.exactOptional(identifierSchema),
    ratePerSecond: v.exactOptional(identifierSchema),
    target: v.exactOptional(v.string()),
    cursor: v.exactOptional(v.string()),
  }),
  example: { exception: 'DatabaseStatementError', limit: 100 },
};

/** What operators do with dead letters over HTTP, as the OpenAPI document describes it. */
export const routesOfDeadLetters: Routes = {
  listDeadLetters: {
    summary: 'Count dead letters by cause, and list the newest',
    query: v.object({
      ...conditions,
      limit: v.optional(integerText(1, 500), '20'),
      cursor: v.exactOptional(v.string()),
    }),
    answers: {
      200: {
        description: 'The causes, and a page of dead letters, newest first.',
        schema: v.object({
          ...causeFields,
          deadLetters: v.array(deadLetterSchema),
          nextCursor: v.exactOptional(v.string()),
        }),
        example: { ...noCauses, deadLetters: [] },
      },
    },
  },
  listDeadLetterCauses: {
    summary: 'Count dead letters by cause',
    query: v.object(conditions),
    answers: {
      200: {
        description: 'The causes, most frequent first.',
        schema: v.object(causeFields),
        example: noCauses,
      },
    },
  },
  getDeadLetter: {
    summary: 'Show a dead letter with its key, value and headers',
    path: { id: idParameter },
    query: v.object({ value: shownValue }),
    answers: {
      200: {
        description: 'The dead letter, its bytes as text where they are UTF-8, else as base64.',
        schema: deadLetterSchema,
        example: { deadLetterId: 1, status: 'NEW', originalTopic: 'order.created' },
      },
    },
    problems: ['not-found'],
  },
  redriveDeadLetters: {
    summary: 'Send dead letters to their topics again, one step per request',
    body: redriveBody,
    answers: {
      200: {
        description: 'What was sent; with a nextCursor there is more. A dry run says what would be sent.',
        schema: redrivenSchema,
        example: { operationId, redriven: 2, remaining: 0, refused: [], state: 'DONE' },
      },
    },
    problems: ['preview-outdated'],
  },
  parkDeadLetters: {
    summary: 'Lay dead letters aside, so that no bulk redrive takes them',
    body: markBody,
    answers: { 200: marked },
    problems: ['preview-outdated'],
  },
  discardDeadLetters: {
    summary: 'Close dead letters: they are kept, and never sent again',
    body: markBody,
    answers: { 200: marked },
    problems: ['preview-outdated'],
  },
};
