import pLimit, { type LimitFunction } from 'p-limit';
import type { HostedFunctions, HostedInvocation } from './serverless-offline.ts';

/**
 * Bounds how many containers each function has at a time. serverless-offline starts one for every call that
 * finds none idle, so a burst of 300 requests would leave 300 worker threads behind, each with a database
 * connection of its own; with a limit, calls wait for a container instead.
 * @param functions changed in place: the prototype of serverless-offline's functions
 */
export function limitContainers(functions: HostedFunctions, containersPerFunction: number): void {
  const limits = new Map<string, LimitFunction>();
  const limitOf = (functionKey: string) => {
    const limit = limits.get(functionKey) ?? pLimit(containersPerFunction);
    limits.set(functionKey, limit);
    return limit;
  };
  const original = { get: functions.get, cleanup: functions.cleanup };
  functions.get = function (functionKey) {
    return new QueuedInvocation(limitOf(functionKey), () => original.get.call(this, functionKey));
  };
  functions.cleanup = function () {
    // Calls whose container has been ended never return, and must not hold up those that wait.
    for (const limit of limits.values()) limit.concurrency = Number.POSITIVE_INFINITY;
    limits.clear();
    return original.cleanup.call(this);
  };
}

/** Takes a container only when there is a place for it. */
class QueuedInvocation implements HostedInvocation {
  readonly #limit: LimitFunction;
  readonly #takeContainer: () => HostedInvocation;
  #event: unknown;
  #clientContext: unknown;

  constructor(limit: LimitFunction, takeContainer: () => HostedInvocation) {
    this.#limit = limit;
    this.#takeContainer = takeContainer;
  }

  setEvent(event: unknown): void {
    this.#event = event;
  }

  setClientContext(clientContext: unknown): void {
    this.#clientContext = clientContext;
  }

  runHandler(): Promise<unknown> {
    const result = this.#limit(() => this.#run());
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
