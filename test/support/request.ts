import type { HttpRequest } from '../../lib/http/request.ts';

/** A request with a JSON body, and any overrides. */
export function jsonRequest(body: unknown, rest: Partial<HttpRequest> = {}): HttpRequest {
  return { ...emptyRequest(rest), body: JSON.stringify(body) };
}

/** A request without a body. */
export function emptyRequest(rest: Partial<HttpRequest> = {}): HttpRequest {
  return {
    isBase64Encoded: false,
    rawPath: '/',
    rawQueryString: '',
    ...rest,
    headers: { 'content-type': 'application/json', ...rest.headers },
  };
}
