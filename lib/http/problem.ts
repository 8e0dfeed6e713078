import type { APIGatewayProxyStructuredResultV2 } from 'aws-lambda';
import { ConfigurationError, OpenOrderError } from '../errors.ts';
import { logFailure } from '../logger.ts';

/** One invalid field; `pointer` is a JSON pointer into the body, or the name of a query or path parameter. */
export interface FieldError {
  readonly pointer: string;
  readonly detail: string;
}

interface ProblemOptions extends ErrorOptions {
  readonly errors?: readonly FieldError[];
  readonly headers?: Readonly<Record<string, string>>;
  /** Further members of the document: https://www.rfc-editor.org/rfc/rfc9457#section-3.2 */
  readonly extensions?: Readonly<Record<string, unknown>>;
}

/**
 * A response other than success, as a problem document of RFC 9457: https://www.rfc-editor.org/rfc/rfc9457
 */
export class HttpProblem extends OpenOrderError {
  readonly code = 'OPENORDER_HTTP_PROBLEM';
  readonly status: number;
  readonly type: string;
  readonly title: string;
  readonly errors: readonly FieldError[] | undefined;
  readonly headers: Readonly<Record<string, string>>;
  readonly extensions: Readonly<Record<string, unknown>>;

  /** @param kind stable name of the problem; its type is `urn:openorder:problem:<kind>` */
  constructor(status: number, kind: string, title: string, detail: string, options: ProblemOptions = {}) {
    super(detail, options);
    this.status = status;
    this.type = `urn:openorder:problem:${kind}`;
    this.title = title;
    this.errors = options.errors;
    this.headers = options.headers ?? {};
    this.extensions = options.extensions ?? {};
  }
}

/** 422: the request was understood, but at least one of its values is not allowed. */
export function invalidFields(errors: readonly FieldError[]): HttpProblem {
  const detail = 'Some values are not allowed; `errors` names each.';
  return new HttpProblem(422, 'invalid-fields', 'Invalid fields', detail, { errors });
}

/** 403: the caller is known but may not do this. */
export function forbidden(detail: string, headers: Readonly<Record<string, string>> = {}): HttpProblem {
  return new HttpProblem(403, 'forbidden', 'Forbidden', detail, { headers });
}

/** 404. */
export function notFound(detail: string): HttpProblem {
  return new HttpProblem(404, 'not-found', 'Not found', detail);
}

/** 405: there is something at this path, but not for this method. */
export function methodNotAllowed(allowed: readonly string[]): HttpProblem {
  const allow = [...new Set(allowed)].sort().join(', ');
  const detail = `This path supports ${allow}.`;
  return new HttpProblem(405, 'method-not-allowed', 'Method not allowed', detail, { headers: { allow } });
}

/** 409: the request is valid, but the state of its target forbids it. */
export function conflict(
  kind: string,
  detail: string,
  extensions: Readonly<Record<string, unknown>> = {},
): HttpProblem {
  return new HttpProblem(409, kind, 'Conflict', detail, { extensions });
}

/** The response for anything thrown. An unknown error is logged in full and leaves as a bare 500. */
export function problemResponse(error: unknown): APIGatewayProxyStructuredResultV2 {
  const problem = error instanceof HttpProblem ? error : problemBehind(error);
  const { status, type, title, errors, extensions } = problem;
  return {
    statusCode: status,
    headers: { 'content-type': 'application/problem+json', ...problem.headers },
    body: JSON.stringify({
      ...extensions,
      type,
      title,
      status,
      ...(status < 500 && { detail: problem.message }),
      errors,
    }),
  };
}

function problemBehind(error: unknown): HttpProblem {
  logFailure('request failed', error);
  if (isPassing(error)) {
    const headers = { 'retry-after': '2' };
    return new HttpProblem(503, 'unavailable', 'Service unavailable', '', { headers, cause: error });
  }
  return new HttpProblem(500, 'internal', 'Internal server error', '', { cause: error });
}

/** Whether the same request may succeed soon; a misconfiguration does not go away on its own. */
function isPassing(error: unknown): boolean {
  if (error instanceof ConfigurationError) return false;
  return error instanceof OpenOrderError && error.disposition === 'infrastructure';
}
