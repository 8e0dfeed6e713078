import * as v from 'valibot';
import type { Parameter, Routes, Serialized } from '../../../contracts/route.ts';
import { identifierSchema } from '../../../lib/contracts/order-item.ts';
import { integerText } from '../../../lib/http/request.ts';
import type { ChangedOperation } from '../change-operation.ts';
import type { FoundOperation } from '../get-operation.ts';
import { actions, operationStates, sources, wantedStates } from '../operation.ts';
import { operationFilterFields } from '../operator/operation-filter.ts';
import type { LoggedOperation } from '../store/operation-log.ts';
import type { Undone } from '../undo-operation.ts';

const operationId = '8f3e4a52-6c1d-4d4b-9a53-3f7a0c5b1e20';
const operationParameter: Parameter = {
  description: 'The operation.',
  schema: v.pipe(v.string(), v.uuid()),
  example: operationId,
};

const countSchema = v.pipe(v.number(), v.integer(), v.minValue(0));
const momentSchema = v.pipe(v.string(), v.isoTimestamp());

const operationFields = {
  operationId: v.string(),
  action: v.picklist(actions),
  operator: v.string(),
  source: v.picklist(sources),
  state: v.picklist(operationStates),
  request: v.record(v.string(), v.unknown()),
  startedAt: momentSchema,
  lastStepAt: v.nullable(momentSchema),
  total: v.nullable(countSchema),
  affected: countSchema,
  refused: countSchema,
  undoneBy: v.nullable(v.string()),
};

const operationSchema: v.GenericSchema<unknown, Serialized<LoggedOperation>> = v.pipe(
  v.object(operationFields),
  v.title('Operation'),
);

const foundSchema: v.GenericSchema<unknown, Serialized<FoundOperation>> = v.object({
  ...operationFields,
  refusedLetters: v.array(v.object({ id: identifierSchema, topic: v.string(), reason: v.string() })),
  nextCursor: v.exactOptional(v.string()),
});

const changedSchema: v.GenericSchema<unknown, ChangedOperation> = v.object({
  operationId: v.string(),
  state: v.picklist(operationStates),
});

const undoneSchema: v.GenericSchema<unknown, Undone> = v.object({
  operationId: v.string(),
  undone: v.string(),
  changed: countSchema,
});

const example = {
  operationId,
  action: 'REDRIVE',
  operator: 'kim',
  source: 'console',
  state: 'RUNNING',
  request: { topic: 'order.created', status: 'NEW' },
  startedAt: '2026-11-22T10:00:00.000Z',
  lastStepAt: '2026-11-22T10:00:02.000Z',
  total: 1_200,
  affected: 500,
  refused: 0,
  undoneBy: null,
};

/** What operators may know of operations and do with them, as the OpenAPI document describes it. */
export const routesOfOperations: Routes = {
  listOperations: {
    summary: 'Show who did what with dead letters, and by what means',
    query: v.object({
      ...operationFilterFields,
      limit: v.optional(integerText(1, 500), '20'),
      cursor: v.exactOptional(v.string()),
    }),
    answers: {
      200: {
        description: 'A page of operations, newest first.',
        schema: v.object({ operations: v.array(operationSchema), nextCursor: v.exactOptional(v.string()) }),
        example: { operations: [example] },
      },
    },
  },
  getOperation: {
    summary: 'Show one operation, how far it is and what could not be sent',
    path: { id: operationParameter },
    answers: {
      200: {
        description: 'The operation; with its nextCursor a redrive that is under way goes on.',
        schema: foundSchema,
        example: { ...example, refusedLetters: [], nextCursor: `${operationId}_0_4711` },
      },
    },
    problems: ['not-found'],
  },
  changeOperation: {
    summary: 'Pause a redrive, resume it, or stop it for good',
    path: { id: operationParameter },
    body: { schema: v.strictObject({ state: v.picklist(wantedStates) }), example: { state: 'PAUSED' } },
    answers: {
      200: {
        description: 'How it stands now. A step that is under way still ends.',
        schema: changedSchema,
        example: { operationId, state: 'PAUSED' },
      },
    },
    problems: ['not-found', 'operation-over'],
  },
  undoOperation: {
    summary: 'Give what an operation parked or discarded the status it had before',
    path: { id: operationParameter },
    answers: {
      200: {
        description: 'How many got back their status; doing it twice changes none.',
        schema: undoneSchema,
        example: { operationId, undone: operationId, changed: 2 },
      },
    },
    problems: ['not-found', 'not-undoable'],
  },
};
