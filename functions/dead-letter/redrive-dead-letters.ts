import { randomUUID } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import * as v from 'valibot';
import { RedriveFailedError } from '../../lib/errors.ts';
import { functionEntry } from '../../lib/function-entry.ts';
import { connectPublisher } from '../../lib/kafka/connect.ts';
import type { Invocation } from '../../lib/kafka/failures.ts';
import type { Publisher } from '../../lib/kafka/publisher.ts';
import { connectDatabase } from '../../lib/postgres/connect.ts';
import {
  type Cause,
  createDeadLetterStore,
  type DeadLetterStore,
  type Range,
  type Redrivable,
  type Step,
} from './dead-letter-store.ts';
import { toRedrivenRecord } from './dead-letter.ts';
import { operatorField, readRequest, selectionFields } from './operator-request.ts';

const wholeNumber = v.pipe(v.number(), v.integer(), v.minValue(1));
const cursorForm = /^([0-9a-f-]{36})_(\d{1,15})_(\d{1,15})$/;

const requestSchema = v.strictObject({
  ...selectionFields,
  ...operatorField,
  /** Parked dead letters, and those redriven before, only when they are named; discarded ones never. */
  status: v.optional(v.picklist(['NEW', 'PARKED', 'REDRIVEN']), 'NEW'),
  /** How many at most by this invocation. */
  limit: v.exactOptional(wholeNumber),
  /** Records per second at most. */
  ratePerSecond: v.exactOptional(wholeNumber),
  /** A topic to send to instead of the original one. */
  target: v.exactOptional(v.pipe(v.string(), v.regex(/^[\w.-]{1,249}$/, 'Expected the name of a topic'))),
  dryRun: v.optional(v.boolean(), false),
  cursor: v.exactOptional(
    v.pipe(v.string(), v.regex(cursorForm, 'Expected a cursor that this function gave')),
  ),
});

type Request = Omit<v.InferOutput<typeof requestSchema>, 'dryRun' | 'cursor' | 'operator'>;

/** What an invocation did. With a `nextCursor` there is more: the same request with this cursor goes on. */
export interface Redriven {
  readonly operationId: string;
  readonly redriven: number;
  readonly remaining: number;
  readonly nextCursor?: string;
}

/** What a redrive would send. */
export interface RedrivePreview {
  readonly dryRun: true;
  readonly matching: number;
  readonly causes: readonly Cause[];
}

interface Dependencies {
  readonly store: Pick<DeadLetterStore, 'causes' | 'count' | 'newestId' | 'redrive' | 'startOperation'>;
  readonly publisher: Publisher;
  /** Lets so many ms pass. */
  readonly pause: (ms: number) => Promise<unknown>;
}

/** Dead letters of one transaction; 500 measured fastest for a send. */
const stepLimit = 500;

/** A step takes 20 s at most: two attempts of the publisher. With less time left than this, the next invocation goes on. */
const reserveMs = 30_000;

/**
 * Sends dead letters to their topics again, oldest first, as far as the invocation's time goes. It takes only those that were there
 * when the operation began: what fails again meanwhile waits for the next one. It may be killed and run again at any point: a record
 * that is sent twice has one effect, since consumers are idempotent.
 * @throws InvalidRequestError, or RedriveFailedError when Kafka does not take the records
 */
export function redriveDeadLetters(dependencies: Dependencies) {
  return async (payload: unknown, invocation: Invocation): Promise<Redriven | RedrivePreview> => {
    const { dryRun, cursor, operator = 'unknown', ...request } = readRequest(payload, requestSchema);
    if (dryRun) return preview(dependencies, request);
    const operation = cursor === undefined ? await begin(dependencies, operator, request) : resume(cursor);
    return redrive(dependencies, request, operation, invocation);
  };
}

type Operation = Range & Pick<Step, 'operationId'>;

async function preview({ store }: Dependencies, request: Request): Promise<RedrivePreview> {
  const causes = await store.causes(request);
  return { dryRun: true, matching: causes.reduce((sum, { count }) => sum + count, 0), causes };
}

async function begin({ store }: Dependencies, operator: string, request: Request): Promise<Operation> {
  const throughId = await store.newestId();
  const operationId = randomUUID();
  await store.startOperation({ operationId, action: 'REDRIVE', operator, request });
  return { operationId, afterId: 0, throughId };
}

function resume(cursor: string): Operation {
  const [, operationId = '', afterId, throughId] = cursorForm.exec(cursor) ?? [];
  return { operationId, afterId: Number(afterId), throughId: Number(throughId) };
}

async function redrive(
  { store, publisher, pause }: Dependencies,
  { limit = Infinity, ratePerSecond = Infinity, target, ...selection }: Request,
  { operationId, throughId, ...start }: Operation,
  invocation: Invocation,
): Promise<Redriven> {
  let { afterId } = start;
  let redriven = 0;
  do {
    const step = {
      operationId,
      selection,
      afterId,
      throughId,
      limit: Math.min(stepLimit, ratePerSecond, limit - redriven),
    };
    const sent = await store.redrive(step, (letters) => send(publisher, letters, target));
    redriven += sent.length;
    afterId = sent.at(-1) ?? throughId;
    await pause((1_000 * sent.length) / ratePerSecond);
  } while (redriven < limit && afterId < throughId && invocation.remainingMs() > reserveMs);
  const remaining = await store.count(selection, { afterId, throughId });
  const nextCursor = `${operationId}_${afterId}_${throughId}`;
  return { operationId, redriven, remaining, ...(remaining > 0 && { nextCursor }) };
}

async function send(publisher: Publisher, letters: readonly Redrivable[], target?: string): Promise<void> {
  const records = letters.map((letter) => toRedrivenRecord(letter, target ?? letter.originalTopic));
  try {
    await publisher.publish(records);
  } catch (cause) {
    const topics = [...new Set(records.map(({ topic }) => topic))].join(', ');
    throw new RedriveFailedError(
      `Kafka did not take the records for ${topics}. See whether it is up and has these topics, then run the same again.`,
      { cause },
    );
  }
}

const redriveAll = redriveDeadLetters({
  store: createDeadLetterStore(connectDatabase()),
  publisher: connectPublisher(),
  pause,
});

export const handler = functionEntry((payload: unknown, context) =>
  redriveAll(payload, { remainingMs: () => context.getRemainingTimeInMillis() }),
);
