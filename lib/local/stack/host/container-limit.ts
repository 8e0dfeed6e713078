import pLimit, { type LimitFunction } from 'p-limit';
import { type Line, requestsFirst } from './requests-first.ts';
import type { HostedFunctions, HostedInvocation } from './serverless-offline.ts';

/** How many containers a function may have at a time. */
export interface ContainerLimit {
  /** As long as its calls get their turn. */
  readonly usual: number;
  /** When none of its calls has got a turn for {@link stallMs}. */
  readonly most: number;
}

/**
 * How long no waiting call may get a turn before another container is started, in ms: by then all containers
 * are slow or stuck, not just busy.
 */
export const stallMs = 2_000;

/**
 * Limits how many containers each function has at a time. serverless-offline starts one for every call that
 * finds none idle, so a burst of 300 requests would leave 300 worker threads behind, each with its own
 * database connection; with a limit, calls wait for a container instead, and those of triggers also while
 * requests do.
 * @param functions changed in place: the prototype of serverless-offline's functions
 * @param isTriggered whether Kafka triggers call the function
 */
export function limitContainers(
  functions: HostedFunctions,
  limitFor: (functionKey: string) => ContainerLimit,
  isTriggered: (functionKey: string) => boolean,
): void {
  const queues = new Map<string, CallQueue>();
  const hasWaitingRequest = () =>
    [...queues].some(([functionKey, queue]) => queue.waiting > 0 && !isTriggered(functionKey));
  const lineOf = (functionKey: string): Line => {
    const queue = queues.get(functionKey) ?? new CallQueue(limitFor(functionKey));
    queues.set(functionKey, queue);
    const run: Line = (call) => queue.run(call);
    return isTriggered(functionKey) ? requestsFirst(run, hasWaitingRequest) : run;
  };
  const original = { get: functions.get, cleanup: functions.cleanup };
  functions.get = function (functionKey) {
    return new QueuedInvocation(lineOf(functionKey), () => original.get.call(this, functionKey));
  };
  functions.cleanup = function () {
    // Calls whose container was ended never return, and must not hold up those that wait.
    for (const queue of queues.values()) queue.open();
    queues.clear();
    return original.cleanup.call(this);
  };
}

/** The calls of one function, which wait for a container in the order in which they arrived. */
class CallQueue {
  readonly #limit: LimitFunction;
  readonly #most: number;
  #stall: NodeJS.Timeout | undefined;

  constructor({ usual, most }: ContainerLimit) {
    this.#limit = pLimit(usual);
    this.#most = most;
  }

  /** How many calls wait for a container. */
  get waiting(): number {
    return this.#limit.pendingCount;
  }

  run(call: () => Promise<unknown>): Promise<unknown> {
    const result = this.#limit(() => {
      this.#watch(); // a call got a turn: the others' wait starts over
      return call();
    });
    if (!this.#stall) this.#watch();
    return result;
  }

  /** Lets all calls begin, both waiting and future ones. */
  open(): void {
    clearTimeout(this.#stall);
    this.#limit.concurrency = Number.POSITIVE_INFINITY;
  }

  #watch(): void {
    clearTimeout(this.#stall);
    this.#stall = undefined;
    if (this.#limit.concurrency >= this.#most) return;
    this.#stall = setTimeout(() => {
      this.#stall = undefined;
      if (this.#limit.pendingCount === 0) return;
      this.#limit.concurrency += 1;
      this.#watch();
    }, stallMs).unref();
  }
}

/** Takes a container only when there is room for one. */
class QueuedInvocation implements HostedInvocation {
  readonly #line: Line;
  readonly #takeContainer: () => HostedInvocation;
  #event: unknown;
  #clientContext: unknown;

  constructor(line: Line, takeContainer: () => HostedInvocation) {
    this.#line = line;
    this.#takeContainer = takeContainer;
  }

  setEvent(event: unknown): void {
    this.#event = event;
  }

  setClientContext(clientContext: unknown): void {
    this.#clientContext = clientContext;
  }

  runHandler(): Promise<unknown> {
    const result = this.#line(() => this.#run());
    // serverless-offline does not await an asynchronous invocation: without this, its failure would end the
    // process. The error has been logged by then.
    result.catch(() => undefined);
    return result;
  }

  #run(): Promise<unknown> {
    const container = this.#takeContainer();
    container.setClientContext(this.#clientContext);
    container.setEvent(this.#event);
    return container.runHandler();
  }
}
