import { Agent, request } from 'node:http';
import { text } from 'node:stream/consumers';

/** The endpoint's response. */
export interface EndpointAnswer {
  readonly status: number;
  /** Whether the function failed; the status alone does not show it. */
  readonly isFunctionError: boolean;
  readonly payload: string;
}

/**
 * Lambda's Invoke API on this machine, over keep-alive connections. With the SDK's client a call would cost
 * this thread three times as much: middleware, a signature that is never checked, and copies of the payload.
 * https://docs.aws.amazon.com/lambda/latest/api/API_Invoke.html
 */
export class InvokeEndpoint {
  readonly #address: string;
  readonly #agent = new Agent({ keepAlive: true });

  /** @param address such as `http://localhost:3002` */
  constructor(address: string) {
    this.#address = address;
  }

  /**
   * Calls a function and waits for its response.
   * @throws the error of `node:http`; when `signal` aborts, an error with the name `AbortError`
   */
  async call(functionName: string, event: string, signal: AbortSignal): Promise<EndpointAnswer> {
    const path = `/2015-03-31/functions/${encodeURIComponent(functionName)}/invocations`;
    const response = Promise.withResolvers<EndpointAnswer>();
    const call = request(`${this.#address}${path}`, {
      method: 'POST',
      agent: this.#agent,
      headers: { 'x-amz-invocation-type': 'RequestResponse', 'content-length': Buffer.byteLength(event) },
      signal,
    });
    call.on('error', response.reject);
    call.on('response', (message) => {
      const { statusCode = 0, headers } = message;
      const isFunctionError = headers['x-amz-function-error'] !== undefined;
      text(message).then((payload) => {
        response.resolve({ status: statusCode, isFunctionError, payload });
      }, response.reject);
    });
    call.end(event);
    return response.promise;
  }

  close(): void {
    this.#agent.destroy();
  }
}
