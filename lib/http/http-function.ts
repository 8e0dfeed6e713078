import type { APIGatewayProxyEventV2, APIGatewayProxyStructuredResultV2 } from 'aws-lambda';
import { functionEntry, type LambdaHandler } from '../function-entry.ts';
import { configuredAuthentication } from './authentication.ts';
import type { Caller, Scope } from './caller.ts';
import { problemResponse } from './problem.ts';
import type { HttpRequest } from './request.ts';

/** The response to a request. The body is sent as JSON; if it is undefined, none is sent. */
export interface Answer {
  readonly status: number;
  readonly body: unknown;
  readonly headers?: Readonly<Record<string, string>>;
}

type HttpHandler = LambdaHandler<APIGatewayProxyEventV2, APIGatewayProxyStructuredResultV2>;

/**
 * The Lambda handler of an HTTP route (API Gateway payload format 2.0) that callers with any one of these
 * scopes reach. It verifies the caller itself and never reads `requestContext.authorizer`, which anyone can
 * forge on a laptop. Whatever is thrown leaves as a problem document.
 */
export function httpFunction(
  { scopes }: { readonly scopes: readonly [Scope, ...Scope[]] },
  handle: (request: HttpRequest, caller: Caller) => Promise<Answer>,
): HttpHandler {
  const authenticate = configuredAuthentication();
  return openFunction(async (request) => handle(request, await authenticate(request, scopes)));
}

/**
 * The same for a route that is open to everyone: it does not learn who calls, and its bundle contains no code
 * that could find out.
 */
export function openFunction(handle: (request: HttpRequest) => Promise<Answer>): HttpHandler {
  return functionEntry(async (request) => {
    try {
      return jsonResponse(await handle(request));
    } catch (error) {
      return problemResponse(error);
    }
  });
}

function jsonResponse({ status, body, headers = {} }: Answer): APIGatewayProxyStructuredResultV2 {
  if (body === undefined) return { statusCode: status, headers: { ...headers } };
  return {
    statusCode: status,
    headers: { 'content-type': 'application/json', ...headers },
    body: JSON.stringify(body),
  };
}
