import { combinedHeaders } from './combined-headers.ts';
import { refusalOf } from './foreign-page.ts';
import { forbiddenBody, problemBody, problemMediaType } from './problem-body.ts';
import type {
  HapiExtension,
  HapiRequest,
  HapiResponse,
  HapiServer,
  HapiToolkit,
} from './serverless-offline.ts';

/** What the extensions of serverless-offline's servers need to know. */
export interface HostSettings {
  readonly lambdaPort: number;
  /** Origins of web pages that may send requests, besides a server's own. */
  readonly trustedOrigins: readonly string[];
  /** Whether the service has a function of this name, as `openorder-local-createOrder`. */
  readonly hasFunction: (functionName: string) => boolean;
}

/**
 * Extends each server that serverless-offline starts from now on. It creates and starts them itself, so they
 * are intercepted in hapi's `start`, and extended by hapi's public extension points.
 * @returns a function that ends this, and returns how many servers have been extended
 */
export function extendServers(prototype: HapiServer, settings: HostSettings): () => number {
  const { start } = prototype;
  let extended = 0;
  prototype.start = function () {
    this.ext('onRequest', refusingForeignPages(settings.trustedOrigins));
    if (this.settings.port === settings.lambdaPort) extendLambdaEndpoint(this, settings);
    else extendApi(this);
    extended += 1;
    return start.call(this);
  };
  return () => {
    prototype.start = start;
    return extended;
  };
}

function refusingForeignPages(trustedOrigins: readonly string[]): HapiExtension {
  return (request, toolkit) => {
    const { method, headers, raw } = request;
    const guarded = { method: method.toUpperCase(), path: raw.req.url ?? '', headers };
    const reason = refusalOf(guarded, trustedOrigins);
    if (reason === undefined) return toolkit.continue;
    delete headers.origin; // serverless-offline would allow it to read the response
    return toolkit.response(forbiddenBody(reason)).code(403).type(problemMediaType).takeover();
  };
}

function extendApi(server: HapiServer): void {
  server.ext('onPreHandler', passingBodiesAsSent);
  server.ext('onPreHandler', combiningHeaders);
  server.ext('onPreResponse', answeringAsFunctionsDo);
}

/**
 * serverless-offline parses a JSON body and passes on what was parsed, not what was sent, when that is falsy
 * or a string: `false`, `0`, `null`, `"asd"`. It goes by hapi's media type; functions read the header, which
 * stays.
 */
const passingBodiesAsSent: HapiExtension = (request, toolkit) => {
  request.mime = 'application/octet-stream';
  return toolkit.continue;
};

/** serverless-offline reads the headers for a function from Node's own list. */
const combiningHeaders: HapiExtension = ({ raw }, toolkit) => {
  raw.req.rawHeaders = combinedHeaders(raw.req.rawHeaders);
  return toolkit.continue;
};

/** An error that hapi answers with itself. https://hapi.dev/module/boom/api */
interface Boom {
  readonly isBoom: true;
  readonly output: { readonly statusCode: number };
  readonly message: string;
}

const kinds: Readonly<Record<number, readonly [kind: string, title: string]>> = {
  400: ['bad-request', 'Bad request'],
  404: ['not-found', 'Not found'],
  413: ['too-large', 'Content too large'],
  415: ['unsupported-media-type', 'Unsupported media type'],
};
const internal = ['internal', 'Internal server error'] as const;

/** Turns the errors that hapi answers itself, before any function is called, into problem documents. */
const answeringAsFunctionsDo: HapiExtension = ({ response }, toolkit) => {
  if (!isBoom(response)) return toolkit.continue;
  const { statusCode } = response.output;
  const [kind, title] = kinds[statusCode] ?? internal;
  const detail = statusCode < 500 ? response.message : '';
  const body = problemBody(statusCode, kind, title, detail);
  return toolkit.response(body).code(statusCode).type(problemMediaType);
};

function isBoom(response: unknown): response is Boom {
  return typeof response === 'object' && response !== null && 'isBoom' in response;
}

function extendLambdaEndpoint(server: HapiServer, { hasFunction }: HostSettings): void {
  server.ext('onPreHandler', (request, toolkit) => {
    const { functionName } = request.params;
    if (functionName === undefined) return toolkit.continue;
    if (!hasFunction(functionName)) {
      return lambdaError(toolkit, 404, 'ResourceNotFoundException', `Function not found: ${functionName}`);
    }
    if (isJson(request)) return toolkit.continue;
    return lambdaError(toolkit, 400, 'InvalidRequestContentException', 'The payload is not JSON.');
  });
  server.ext('onPreResponse', ({ path, response }, toolkit) => {
    // serverless-offline puts the 202 of InvokeAsync into the body:
    // https://docs.aws.amazon.com/lambda/latest/api/API_InvokeAsync.html
    if (isAsync(path) && isSuccess(response)) response.code(202);
    return toolkit.continue;
  });
}

function isAsync(path: string): boolean {
  return path.endsWith('/invoke-async/');
}

function isSuccess(response: unknown): response is HapiResponse {
  return !isBoom(response) && (response as { statusCode: number }).statusCode === 200;
}

/**
 * Invoke works without a payload; InvokeAsync does not.
 * https://docs.aws.amazon.com/lambda/latest/api/API_Invoke.html
 */
function isJson({ payload, path }: HapiRequest): boolean {
  const text = String(payload);
  if (text === '') return !isAsync(path);
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

/** https://docs.aws.amazon.com/lambda/latest/api/CommonErrors.html */
function lambdaError(toolkit: HapiToolkit, status: number, type: string, message: string) {
  const body = { Type: 'User', Message: message };
  return toolkit.response(body).code(status).header('x-amzn-ErrorType', type).takeover();
}
