import { randomUUID } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import * as v from 'valibot';
import { identifierSchema } from '../../lib/contracts/order-item.ts';
import { InvalidRequestError, RedriveFailedError } from './errors.ts';
import { connectPublisher } from '../../lib/kafka/connect.ts';
import type { Invocation } from '../../lib/kafka/failures.ts';
import type { ReportingPublisher } from '../../lib/kafka/publisher.ts';
import { connectDatabase } from '../../lib/postgres/connect.ts';
import { type Cause, createDeadLetterStore, type DeadLetterStore } from './dead-letter-store.ts';
import type { RefusedDeadLetter, Step, StepResult } from './operation.ts';
import { fromBody, operatorFunction } from './operator-function.ts';
import { operatorField, readRequest, selectionFields } from './operator-request.ts';
import { resend } from './resend.ts';
import type { Range } from './selected.ts';

const cursorForm = /^([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})_(\d{1,15})_(\d{1,15})$/;

const cursorMessage = 'Expected a cursor that this function gave';

const requestSchema = v.strictObject({
  ...selectionFields,
  ...operatorField,
  /** Parked dead letters, and those redriven before, only when they are named; discarded ones never. */
  status: v.optional(v.picklist(['NEW', 'PARKED', 'REDRIVEN']), 'NEW'),
  /** How many at most by this invocation. */
  limit: v.exactOptional(identifierSchema),
  /** Records per second at most. */
  ratePerSecond: v.exactOptional(identifierSchema),
  /** A topic to send to instead of the original one. */
  target: v.exactOptional(v.pipe(v.string(), v.regex(/^[\w.-]{1,249}$/, 'Expected the name of a topic'))),
  dryRun: v.optional(v.boolean(), false),
  cursor: v.exactOptional(v.pipe(v.string(), v.regex(cursorForm, cursorMessage))),
});

type Request = Omit<v.InferOutput<typeof requestSchema>, 'dryRun' | 'cursor' | 'operator'>;

/** What an invocation did. With a `nextCursor` there is more: the same request with this cursor goes on. */
export interface Redriven {
  readonly operationId: string;
  readonly redriven: number;
  readonly remaining: number;
  readonly nextCursor?: string;
  /** What could not be sent, and why; parked by this invocation. */
  readonly refused: readonly RefusedDeadLetter[];
}

/** What a redrive would send. */
export interface RedrivePreview {
  readonly dryRun: true;
  readonly matching: number;
  readonly causes: readonly Cause[];
}

interface Dependencies {
  readonly store: Pick<
    DeadLetterStore,
    'causes' | 'count' | 'newestId' | 'redrive' | 'startOperation' | 'hasRedrive'
  >;
  readonly publisher: Pick<ReportingPublisher, 'publishEach'>;
  /** Waits for that many milliseconds. */
  readonly pause: (ms: number) => Promise<unknown>;
}

/** Dead letters of one transaction; 500 measured fastest for a send. */
const stepLimit = 500;

/**
 * A step takes 20 s at most: two attempts of the publisher. With less time left than this, the next
 * invocation goes on.
 */
const reserveMs = 30_000;

/**
 * With this many refusals the invocation ends, so that its answer stays well below Lambda's 6 MB; the cursor
 * goes on.
 */
const refusedLimit = 1_000;

/**
 * Sends dead letters to their topics again, oldest first, as far as the invocation's time goes. What Kafka
 * acknowledges is marked, what it refuses is parked, and the rest goes on. Only those count that were there
 * when the operation began: what fails again meanwhile waits for the next one. It may be killed and run again
 * at any point: what it had no time to mark is sent twice, which has one effect, since consumers are
 * idempotent.
 * @throws InvalidRequestError, or RedriveFailedError when Kafka is unreachable or refuses everything; what
 *   was acknowledged is marked
 */
export function redriveDeadLetters(dependencies: Dependencies) {
  return async (payload: unknown, invocation: Invocation): Promise<Redriven | RedrivePreview> => {
    const { dryRun, cursor, operator = 'unknown', ...request } = readRequest(payload, requestSchema);
    if (dryRun) return preview(dependencies, request);
    const operation =
      cursor === undefined
        ? await begin(dependencies, operator, request)
        : await resume(dependencies, cursor);
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

async function resume({ store }: Dependencies, cursor: string): Promise<Operation> {
  const [, operationId = '', afterId, throughId] = cursorForm.exec(cursor) ?? [];
  if (!(await store.hasRedrive(operationId))) throw new InvalidRequestError(`cursor: ${cursorMessage}.`);
  return { operationId, afterId: Number(afterId), throughId: Number(throughId) };
}

async function redrive(
  dependencies: Dependencies,
  request: Request,
  { operationId, throughId, ...start }: Operation,
  invocation: Invocation,
): Promise<Redriven> {
  const { limit = Infinity, ratePerSecond = Infinity, target, ...selection } = request;
  const { store, publisher, pause } = dependencies;
  let { afterId } = start;
  let redriven = 0;
  const refused: RefusedDeadLetter[] = [];
  const hasMore = () => redriven < limit && refused.length < refusedLimit && afterId < throughId;
  do {
    const size = Math.min(stepLimit, ratePerSecond, limit - redriven);
    const step = { operationId, selection, afterId, throughId, limit: size };
    const result = await store.redrive(step, (letters) => resend(publisher, letters, target));
    redriven += result.acknowledged.length;
    refused.push(...result.refused);
    ensureReached(result, redriven);
    afterId = result.lastId ?? throughId;
    await pause((1_000 * result.acknowledged.length) / ratePerSecond);
  } while (hasMore() && invocation.remainingMs() > reserveMs);
  const remaining = await store.count(selection, { afterId, throughId });
  const nextCursor = `${operationId}_${afterId}_${throughId}`;
  return { operationId, redriven, remaining, refused, ...(remaining > 0 && { nextCursor }) };
}

function ensureReached({ outage }: StepResult, redriven: number): void {
  if (!outage) return;
  throw new RedriveFailedError(
    `The redrive stopped after ${redriven} dead letters: ${outage.message} Run the same again for the rest.`,
    { cause: outage },
  );
}

export const handler = operatorFunction(
  { scopes: ['operator:write'], payload: fromBody },
  redriveDeadLetters({
    store: createDeadLetterStore(connectDatabase()),
    publisher: connectPublisher(),
    pause,
  }),
);
