import type { APIGatewayProxyEventV2 } from 'aws-lambda';
import * as v from 'valibot';
import { type FieldError, HttpProblem, invalidFields } from './problem.ts';

/** A request as API Gateway passes it to a function, with header names in lower case. */
export type HttpRequest = Pick<
  APIGatewayProxyEventV2,
  | 'body'
  | 'headers'
  | 'isBase64Encoded'
  | 'pathParameters'
  | 'queryStringParameters'
  | 'rawPath'
  | 'rawQueryString'
>;

/** Largest accepted body in bytes: 256 KiB. */
const bodyLimit = 256 * 1024;

/** Most invalid fields that a response names, so that it stays small whatever was sent. */
const mostErrors = 20;

/**
 * `application/json` or any `+json` type, with or without parameters.
 * https://www.rfc-editor.org/rfc/rfc6839#section-3.1
 */
const jsonMediaType = /^application\/(json|[\w.!#$&^-]+\+json)\s*(;|$)/i;

/**
 * The request's JSON body, checked against a schema.
 * @throws HttpProblem 415 for another media type or a content encoding, 413 over 256 KiB, 400 when it is not
 *   JSON, 422 when it violates the schema
 */
export function readBody<Value>(request: HttpRequest, schema: v.GenericSchema<unknown, Value>): Value {
  requireJson(request.headers);
  const bytes = Buffer.from(request.body ?? '', request.isBase64Encoded ? 'base64' : 'utf8');
  if (bytes.length > bodyLimit) {
    throw new HttpProblem(
      413,
      'too-large',
      'Content too large',
      `The body may have at most ${bodyLimit} bytes.`,
    );
  }
  return check(parseObject(bytes), schema, '/');
}

function requireJson(headers: HttpRequest['headers']): void {
  const contentType = headers['content-type'] ?? 'application/json';
  if (jsonMediaType.test(contentType) && headers['content-encoding'] === undefined) return;
  throw new HttpProblem(
    415,
    'unsupported-media-type',
    'Unsupported media type',
    'Send application/json without a content encoding.',
  );
}

/**
 * The request's query parameters, checked against a schema. A repeated one is refused: API Gateway joins the
 * values with commas, and serverless-offline loses an empty one.
 * @throws HttpProblem 422
 */
export function readQuery<Value>(request: HttpRequest, schema: v.GenericSchema<unknown, Value>): Value {
  const names = [...new URLSearchParams(request.rawQueryString).keys()];
  const repeated = new Set(names.filter((name, index) => names.indexOf(name) < index));
  if (repeated.size > 0) {
    const pointers = [...repeated].slice(0, mostErrors);
    throw invalidFields(pointers.map((pointer) => ({ pointer, detail: 'must be given once' })));
  }
  return check(request.queryStringParameters ?? {}, schema, '');
}

/**
 * A value checked against a schema; `prefix` starts the pointer of each invalid field.
 * @throws HttpProblem 422 with an entry for each of the first 20 invalid fields
 */
export function check<Value>(value: unknown, schema: v.GenericSchema<unknown, Value>, prefix: string): Value {
  const parsed = v.safeParse(schema, value, { abortPipeEarly: true });
  if (parsed.success) return parsed.output;
  throw invalidFields(parsed.issues.slice(0, mostErrors).map((issue) => fieldError(issue, prefix)));
}

function fieldError(issue: v.BaseIssue<unknown>, prefix: string): FieldError {
  const path = issue.path?.map((item) => escapePointer(String(item.key))) ?? [];
  const detail = issue.expected !== null && issue.received === 'undefined' ? 'is missing' : issue.message;
  return { pointer: path.length === 0 ? '' : prefix + path.join('/'), detail };
}

/** https://www.rfc-editor.org/rfc/rfc6901#section-3 */
function escapePointer(key: string): string {
  return key.replaceAll('~', '~0').replaceAll('/', '~1');
}

function parseObject(bytes: Buffer): object {
  const value = parse(bytes);
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value;
  throw invalidFields([{ pointer: '', detail: 'must be an object' }]);
}

function parse(bytes: Buffer): unknown {
  try {
    return JSON.parse(bytes.toString('utf8'));
  } catch {
    throw new HttpProblem(400, 'not-json', 'Not JSON', 'The body is not JSON.');
  }
}

/** A whole number within limits, as text in a query parameter. */
export function integerText(smallest: number, largest: number) {
  const message = `must be a whole number from ${smallest} to ${largest}`;
  return v.pipe(
    v.string(message),
    v.regex(/^-?\d+$/, message),
    v.transform(Number),
    v.minValue(smallest, message),
    v.maxValue(largest, message),
  );
}
