import { randomUUID } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import { type Trigger, triggers } from 'deployed:triggers';
import * as v from 'valibot';
import { identifierSchema } from '../../lib/contracts/order-item.ts';
import { connectPublisher } from '../../lib/kafka/connect.ts';
import type { Invocation } from '../../lib/kafka/failures.ts';
import type { ReportingPublisher } from '../../lib/kafka/publisher.ts';
import { connectDatabase } from '../../lib/postgres/connect.ts';
import { bind, previewField } from './actions/preview-token.ts';
import { onPreviewed, type Preview, previewOf } from './actions/preview.ts';
import {
  cursorMessage,
  redriveCursor,
  type RedrivePosition,
  toRedriveCursor,
} from './actions/redrive-cursor.ts';
import { resend } from './actions/resend.ts';
import { createDeadLetterStore, type DeadLetterStore } from './dead-letter-store.ts';
import { InvalidRequestError, RedriveFailedError } from './errors.ts';
import { isUnderWay, type OperationState } from './operation.ts';
import { fromBody, operatorFunction } from './operator/operator-function.ts';
import { operatorFields, readRequest } from './operator/operator-request.ts';
import { type Selection, selectionFields } from './operator/selection.ts';
import type { RefusedDeadLetter, StepResult } from './store/redrive-step.ts';
import type { StartedRedrive } from './store/redrive.ts';

/** How dead letters are sent. */
const sendingFields = {
  /** Records per second at most, whoever sends: all steps of an operation share it. */
  ratePerSecond: v.exactOptional(identifierSchema),
  /** A topic to send to instead of the original one. */
  target: v.exactOptional(v.pipe(v.string(), v.regex(/^[\w.-]{1,249}$/, 'Expected the name of a topic'))),
};

/** Parked dead letters, and those redriven before, only when they are named; discarded ones never. */
const statuses = ['NEW', 'PARKED', 'REDRIVEN'] as const;

const conditionFields = { ...selectionFields, status: v.exactOptional(v.picklist(statuses)) };
const conditionNames = new Set(Object.keys(conditionFields));

const requestSchema = v.strictObject({
  ...conditionFields,
  ...sendingFields,
  ...operatorFields,
  ...previewField,
  /** How many at most by this invocation. */
  limit: v.exactOptional(identifierSchema),
  /** How many at most by the whole operation, the oldest first. */
  total: v.exactOptional(identifierSchema),
  dryRun: v.optional(v.boolean(), false),
  cursor: v.exactOptional(redriveCursor),
});

type Request = v.InferOutput<typeof requestSchema>;

/** What an operation keeps of its request, for whoever continues it. */
const keptSchema = v.object({ ...conditionFields, ...sendingFields });

/**
 * What an invocation did. With a `nextCursor` there is more, and a request with this cursor goes on with it.
 */
export interface Redriven {
  readonly operationId: string;
  readonly redriven: number;
  readonly remaining: number;
  readonly state: OperationState;
  readonly nextCursor?: string;
  /** What could not be sent, and why; parked by this invocation. */
  readonly refused: readonly RefusedDeadLetter[];
}

/** What a redrive would send. */
export interface RedrivePreview extends Preview {
  readonly dryRun: true;
  /** Every trigger that would read the records again, not only the one that failed. */
  readonly readers: readonly Trigger[];
}

interface Dependencies {
  readonly store: Pick<
    DeadLetterStore,
    | 'causes'
    | 'snapshot'
    | 'count'
    | 'countPlanned'
    | 'newestId'
    | 'startRedrive'
    | 'findRedrive'
    | 'reservePace'
    | 'redrive'
    | 'finishRedrive'
    | 'changeState'
  >;
  readonly publisher: Pick<ReportingPublisher, 'publishEach'>;
  readonly triggers: readonly Trigger[];
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
 * when the operation began: what fails again meanwhile waits for the next one. With a preview it sends what
 * the preview showed. It may be killed and run again at any point: what it had no time to mark is sent twice,
 * which has one effect, since consumers are idempotent.
 * @throws InvalidRequestError, PreviewOutdatedError, or RedriveFailedError when Kafka is unreachable or
 *   refuses everything; what was acknowledged is marked
 */
export function redriveDeadLetters(dependencies: Dependencies) {
  return async (payload: unknown, invocation: Invocation): Promise<Redriven | RedrivePreview> => {
    const request = readRequest(payload, requestSchema);
    if (request.dryRun) return preview(dependencies, request);
    const { cursor } = request;
    if (cursor !== undefined) {
      return send(dependencies, await resume(dependencies, request, cursor), invocation);
    }
    return sendFirst(dependencies, await begin(dependencies, request), invocation);
  };
}

/** Sends; an operation that names a topic which Kafka does not take is over before anything was sent. */
async function sendFirst(dependencies: Dependencies, redrive: Redrive, invocation: Invocation) {
  try {
    return await send(dependencies, redrive, invocation);
  } catch (error) {
    if (error instanceof InvalidRequestError) {
      await dependencies.store.changeState(redrive.operationId, 'STOPPED');
    }
    throw error;
  }
}

/** A redrive that has begun, and what this invocation may send of it. */
interface Redrive {
  readonly operationId: string;
  readonly selection: Selection;
  readonly target: string | undefined;
  readonly ratePerSecond: number;
  readonly limit: number;
  readonly afterId: number;
  readonly throughId: number;
  readonly isPlanned: boolean;
}

function boundBy(request: Request) {
  const { preview } = request;
  const selection = conditionsOf(request);
  return bind('REDRIVE', { selection, statuses, ...(preview !== undefined && { preview }) });
}

/** The conditions alone, which were checked with the rest of the request. */
function conditionsOf(request: Request): Selection {
  return Object.fromEntries(Object.entries(request).filter(([name]) => conditionNames.has(name)));
}

async function preview({ store, triggers }: Dependencies, request: Request): Promise<RedrivePreview> {
  const found = await previewOf(store, 'REDRIVE', boundBy(request).selection);
  const { target } = request;
  const topics = target === undefined ? found.causes.map(({ originalTopic }) => originalTopic) : [target];
  const readers = triggers.filter(({ topic }) => topics.includes(topic));
  return { dryRun: true, ...found, readers };
}

async function begin({ store }: Dependencies, request: Request): Promise<Redrive> {
  const { limit = Infinity, total, target, ratePerSecond = Infinity } = request;
  const bound = boundBy(request);
  const { selection, snapshot } = bound;
  const throughId = snapshot?.throughId ?? (await store.newestId());
  const isPlanned = snapshot !== undefined || total !== undefined;
  const operationId = randomUUID();
  const kept = { ...selection, ...v.parse(v.object(sendingFields), request) };
  const operation = { operationId, action: 'REDRIVE' as const, ...asked(request), request: kept };
  const plan = { selection, throughId, isPlanned, total: total ?? Number.MAX_SAFE_INTEGER };
  await onPreviewed(
    bound,
    () => previewOf(store, 'REDRIVE', selection),
    (accept) => store.startRedrive(operation, plan, accept),
  );
  return { operationId, selection, target, ratePerSecond, limit, afterId: 0, throughId, isPlanned };
}

/** Who asks, and by what means. */
function asked({ operator = 'unknown', source = 'api' }: Request) {
  return { operator, source };
}

/** Continues with the original request; only how many and how fast may change. */
async function resume({ store }: Dependencies, request: Request, cursor: RedrivePosition): Promise<Redrive> {
  const started = await findStarted(store, cursor);
  const { target, ratePerSecond, ...selection } = v.parse(keptSchema, started.request);
  return {
    operationId: cursor.operationId,
    selection,
    target,
    ratePerSecond: request.ratePerSecond ?? ratePerSecond ?? Infinity,
    limit: request.limit ?? Infinity,
    afterId: cursor.afterId,
    throughId: started.throughId,
    isPlanned: started.isPlanned,
  };
}

/** The redrive of a cursor, which goes as far as the redrive does and no further. */
async function findStarted(
  store: Dependencies['store'],
  { operationId, afterId, throughId }: RedrivePosition,
): Promise<StartedRedrive> {
  const started = await store.findRedrive(operationId);
  if (started?.throughId === throughId && afterId <= throughId) return started;
  const fields = [{ path: ['cursor'], detail: cursorMessage }];
  throw new InvalidRequestError(`cursor: ${cursorMessage}.`, { fields });
}

async function send(dependencies: Dependencies, redrive: Redrive, invocation: Invocation): Promise<Redriven> {
  const { operationId, throughId, limit, ratePerSecond, target, ...taking } = redrive;
  const { store, publisher, pause } = dependencies;
  let { afterId } = redrive;
  let redriven = 0;
  let state: OperationState;
  const refused: RefusedDeadLetter[] = [];
  const hasMore = () => redriven < limit && refused.length < refusedLimit && afterId < throughId;
  do {
    const size = Math.min(stepLimit, ratePerSecond, limit - redriven);
    if (ratePerSecond < Infinity) await pause(await store.reservePace(operationId, size, ratePerSecond));
    const step = { ...taking, operationId, afterId, throughId, limit: size };
    const result = await store.redrive(step, (letters) => resend(publisher, letters, target));
    redriven += result.acknowledged.length;
    refused.push(...result.refused);
    ensureReached(result, redriven);
    ({ state } = result);
    if (state !== 'RUNNING') break;
    afterId = result.lastId ?? throughId;
    await giveBackUnused(store, redrive, size - result.acknowledged.length - result.refused.length);
  } while (hasMore() && invocation.remainingMs() > reserveMs);
  const rest = await settle(dependencies, { ...redrive, afterId }, state);
  return { operationId, redriven, refused, ...rest };
}

/** Large letters fill a step before its number does; the time of the others is free again. */
async function giveBackUnused(
  store: Dependencies['store'],
  { operationId, ratePerSecond }: Redrive,
  unused: number,
): Promise<void> {
  if (unused > 0 && ratePerSecond < Infinity) await store.reservePace(operationId, -unused, ratePerSecond);
}

/** The state of the operation after an invocation; one with nothing left to send is done. */
async function settle(
  { store }: Dependencies,
  { operationId, selection, afterId, throughId, isPlanned }: Redrive,
  state: OperationState,
): Promise<Pick<Redriven, 'remaining' | 'state' | 'nextCursor'>> {
  const remaining = isPlanned
    ? await store.countPlanned(operationId)
    : await store.count(selection, { afterId, throughId });
  if (!isUnderWay(state)) return { remaining, state };
  if (remaining > 0) {
    return { remaining, state, nextCursor: toRedriveCursor({ operationId, afterId, throughId }) };
  }
  await store.finishRedrive(operationId);
  return { remaining, state: 'DONE' };
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
    triggers,
    pause,
  }),
);
