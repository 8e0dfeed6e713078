import * as v from 'valibot';
import { identifierSchema } from '../../../lib/contracts/order-item.ts';
import { text, time } from '../../../lib/edge.ts';
import { InvalidRequestError } from '../errors.ts';
import { statuses } from '../dead-letter.ts';

/** As the archive cuts them, since their index entries are limited. */
const searchText = text(249);

/**
 * How operators say which dead letters they mean. All conditions must hold; without any, all dead letters are
 * meant.
 */
export const selectionFields = {
  /** Dead letters by their own ids. */
  ids: v.exactOptional(v.pipe(v.array(identifierSchema), v.minLength(1), v.maxLength(1_000))),
  /** The original topic, or the dead-letter topic. */
  topic: v.exactOptional(searchText),
  /** The consumer group that failed. */
  consumerGroup: v.exactOptional(searchText),
  /** The class of the exception or of its cause. */
  exception: v.exactOptional(searchText),
  /** The record's key, as text. */
  key: v.exactOptional(searchText),
  /** Failed at this time or later. */
  from: v.exactOptional(time),
  /** Failed before this time. */
  to: v.exactOptional(time),
  status: v.exactOptional(v.picklist(statuses)),
};

/** Which dead letters an operator means. */
export type Selection = v.InferOutput<v.StrictObjectSchema<typeof selectionFields, undefined>>;

/** By what means an operator works: the page, the command line, or a program of their own. */
export const sources = ['console', 'cli', 'api'] as const;

export type Source = (typeof sources)[number];

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
