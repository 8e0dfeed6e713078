import type { APIGatewayProxyEventV2, APIGatewayProxyStructuredResultV2 } from 'aws-lambda';
import { functionEntry, type LambdaHandler } from '../function-entry.ts';
import { problemResponse } from './problem.ts';
import type { HttpRequest } from './request.ts';

/** What a request is answered with; the body is sent as JSON. */
export interface Answer {
  readonly status: number;
  readonly body: unknown;
  readonly headers?: Readonly<Record<string, string>>;
}

/** The Lambda handler of an HTTP route (API Gateway payload format 2.0). Whatever is thrown leaves as a problem document. */
export function httpFunction(
  handle: (request: HttpRequest) => Promise<Answer>,
): LambdaHandler<APIGatewayProxyEventV2, APIGatewayProxyStructuredResultV2> {
  return functionEntry(async (request) => {
    try {
      return jsonResponse(await handle(request));
    } catch (error) {
      return problemResponse(error);
    }
  });
}

function jsonResponse({ status, body, headers }: Answer): APIGatewayProxyStructuredResultV2 {
  return {
    statusCode: status,
    headers: { 'content-type': 'application/json', ...headers },
    body: JSON.stringify(body),
  };
}
