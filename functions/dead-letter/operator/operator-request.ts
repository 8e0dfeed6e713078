import * as v from 'valibot';
import { text } from '../../../lib/edge.ts';
import { InvalidRequestError } from '../errors.ts';
import { sources } from '../operation.ts';

/**
 * Who asks. Lambda does not say who invoked a function, so there it is the caller's own word; over HTTP the
 * token says it.
 */
export const operatorFields = {
  operator: v.exactOptional(text(200)),
  /** By what means they ask; the caller's own word, too. */
  source: v.exactOptional(v.picklist(sources)),
};

/** More would not help, and a thousand invalid ids would make a huge message. */
const mostIssues = 20;

/**
 * The payload of a direct invocation, checked. A missing payload is an empty request.
 * @throws InvalidRequestError that names the wrong fields, the first 20 of them
 */
export function readRequest<Value>(payload: unknown, schema: v.GenericSchema<unknown, Value>): Value {
  const parsed = v.safeParse(schema, isAbsent(payload) ? {} : payload, { abortPipeEarly: true });
  if (parsed.success) return parsed.output;
  const shown = parsed.issues.slice(0, mostIssues);
  const issues = shown.map((issue) => `${v.getDotPath(issue) ?? 'the request'}: ${issue.message}`);
  const fields = shown.map(({ path, message }) => ({
    path: path?.map(({ key }) => String(key)) ?? [],
    detail: message,
  }));
  throw new InvalidRequestError(`The request is not understood. ${issues.join('; ')}.`, { fields });
}

function isAbsent(payload: unknown): boolean {
  return payload === undefined || payload === null || payload === '';
}
