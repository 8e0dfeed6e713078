import type { APIGatewayProxyEventV2, APIGatewayProxyStructuredResultV2 } from 'aws-lambda';
import { functionEntry, type LambdaHandler } from '../function-entry.ts';
import { configuredAuthentication } from './authentication.ts';
import type { Caller, Scope } from './caller.ts';
import { problemResponse } from './problem.ts';
import type { HttpRequest } from './request.ts';

/** What a request is answered with; the body is sent as JSON, and none is sent where it is undefined. */
export interface Answer {
  readonly status: number;
  readonly body: unknown;
  readonly headers?: Readonly<Record<string, string>>;
}

type HttpHandler = LambdaHandler<APIGatewayProxyEventV2, APIGatewayProxyStructuredResultV2>;
type HandleRequest = (request: HttpRequest) => Promise<Answer>;
type HandleCall = (request: HttpRequest, caller: Caller) => Promise<Answer>;

/** Any one of these scopes lets a caller in. */
interface GuardedRoute {
  readonly scopes: readonly [Scope, ...Scope[]];
}

/** A route that names no scope is open to everyone, and does not learn who calls. */
interface OpenRoute {
  readonly scopes: readonly [];
}

/**
 * The Lambda handler of an HTTP route (API Gateway payload format 2.0). It verifies the caller itself and
 * never reads `requestContext.authorizer`, which anyone can forge on a laptop. Whatever is thrown leaves as a
 * problem document.
 */
export function httpFunction(route: OpenRoute, handle: HandleRequest): HttpHandler;
export function httpFunction(route: GuardedRoute, handle: HandleCall): HttpHandler;
export function httpFunction(
  { scopes }: OpenRoute | GuardedRoute,
  handle: HandleRequest | HandleCall,
): HttpHandler {
  const answer = scopes.length === 0 ? (handle as HandleRequest) : guarded(scopes, handle);
  return functionEntry(async (request) => {
    try {
      return jsonResponse(await answer(request));
    } catch (error) {
      return problemResponse(error);
    }
  });
}

function guarded(scopes: readonly Scope[], handle: HandleCall): HandleRequest {
  const authenticate = configuredAuthentication();
  return async (request) => handle(request, await authenticate(request, scopes));
}

function jsonResponse({ status, body, headers = {} }: Answer): APIGatewayProxyStructuredResultV2 {
  if (body === undefined) return { statusCode: status, headers: { ...headers } };
  return {
    statusCode: status,
    headers: { 'content-type': 'application/json', ...headers },
    body: JSON.stringify(body),
  };
}
