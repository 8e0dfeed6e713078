import { messageOf } from '../errors.ts';
import { untilAborted } from './pause.ts';
import { Containers } from './containers.ts';
import type { InvocationResult } from './invocation-result.ts';
import { type EndpointAnswer, InvokeEndpoint } from './invoke-endpoint.ts';

/** A call that the function completed without an error. */
interface Answer {
  readonly type: 'answer';
  readonly payload: string;
}

export type RawResult = Answer | Exclude<InvocationResult, { type: 'success' | 'item-failures' }>;

const endedByReload = 'ended by a code reload';

/** Calls a function synchronously through an endpoint that speaks Lambda's Invoke API. */
export class Invoker {
  readonly #endpoint: InvokeEndpoint;
  readonly #noTimeout: boolean;
  readonly #running = new Map<Promise<RawResult>, AbortController>();
  readonly #containers = new Map<string, Containers>();
  /** Calls wait for this while the host replaces its workers. */
  #gate: PromiseWithResolvers<undefined> | undefined;

  constructor(endpoint: string, options: { noTimeout: boolean }) {
    this.#noTimeout = options.noTimeout;
    this.#endpoint = new InvokeEndpoint(endpoint);
  }

  /** Never throws and never retries: the mapping retries and counts. */
  async invoke(functionName: string, functionTimeoutMs: number, event: string): Promise<RawResult> {
    return this.containersOf(functionName).use(() => this.#invoke(functionName, functionTimeoutMs, event));
  }

  /** The containers that the calls of a function share. */
  containersOf(functionName: string): Containers {
    const containers = this.#containers.get(functionName) ?? new Containers();
    this.#containers.set(functionName, containers);
    return containers;
  }

  /**
   * Starts no further call and waits for the running ones; after `patienceMs` they are given up. Returns how
   * many.
   */
  async hold(patienceMs: number): Promise<number> {
    this.#gate ??= Promise.withResolvers<undefined>();
    await untilAborted(Promise.all(this.#running.keys()), AbortSignal.timeout(patienceMs));
    const left = [...this.#running.values()];
    for (const abort of left) abort.abort(endedByReload);
    return left.length;
  }

  /** Lets calls start again. */
  release(): void {
    this.#gate?.resolve(undefined);
    this.#gate = undefined;
  }

  close(): void {
    this.#endpoint.close();
  }

  async #invoke(functionName: string, functionTimeoutMs: number, event: string): Promise<RawResult> {
    await this.#gate?.promise;
    const abort = new AbortController();
    const call = this.#call(functionName, event, abort.signal);
    this.#running.set(call, abort);
    const timer = this.#abortLater(abort, functionTimeoutMs);
    const result = await call;
    clearTimeout(timer);
    this.#running.delete(call);
    return abort.signal.reason === endedByReload ? { type: 'unavailable', reason: endedByReload } : result;
  }

  async #call(functionName: string, event: string, abortSignal: AbortSignal): Promise<RawResult> {
    try {
      return judge(await this.#endpoint.call(functionName, event, abortSignal), functionName);
    } catch (error) {
      if (abortSignal.aborted) {
        return { type: 'function-error', reason: "no response within the function's timeout" };
      }
      return { type: 'unavailable', reason: messageOf(error) };
    }
  }

  /** The host ends a function at its timeout; five seconds later something else is wrong. */
  #abortLater(abort: AbortController, functionTimeoutMs: number): NodeJS.Timeout | undefined {
    if (this.#noTimeout) return undefined;
    return setTimeout(() => {
      abort.abort();
    }, functionTimeoutMs + 5000);
  }
}

function judge({ status, isFunctionError, payload }: EndpointAnswer, functionName: string): RawResult {
  if (isFunctionError) return { type: 'function-error', reason: failureIn(payload) };
  if (status === 200) return { type: 'answer', payload };
  if (status === 413) return { type: 'too-large' };
  if (status === 404)
    return { type: 'unavailable', reason: `the endpoint knows no function ${functionName}` };
  // serverless-offline answers 500 when it cannot turn the function's result into a response.
  if (status >= 500) return { type: 'function-error', reason: `status ${status}: ${failureIn(payload)}` };
  return { type: 'unavailable', reason: `status ${status}` };
}

function failureIn(payload: string): string {
  try {
    const { errorMessage, message } = JSON.parse(payload) as { errorMessage?: string; message?: string };
    return errorMessage ?? message ?? payload;
  } catch {
    return payload;
  }
}
