import * as v from 'valibot';
import { InvalidRequestError } from './errors.ts';
import { statuses } from './dead-letter.ts';

const text = v.pipe(v.string(), v.minLength(1), v.maxLength(249));
const positive = v.pipe(v.number(), v.integer(), v.minValue(1));
const time = v.pipe(
  v.string(),
  v.check((given) => !Number.isNaN(Date.parse(given)), 'Expected a time such as 2026-11-22T10:00:00Z'),
  v.transform((given) => new Date(given)),
);

/** How operators say which dead letters they mean. All conditions must hold; without any, all dead letters are meant. */
export const selectionFields = {
  /** Dead letters by their own ids. */
  ids: v.exactOptional(v.pipe(v.array(positive), v.minLength(1), v.maxLength(1_000))),
  /** The original topic, or the dead-letter topic. */
  topic: v.exactOptional(text),
  /** The consumer group that failed. */
  consumerGroup: v.exactOptional(text),
  /** The class of the exception or of its cause. */
  exception: v.exactOptional(text),
  /** The record's key, as text. */
  key: v.exactOptional(text),
  /** Failed at this time or later. */
  from: v.exactOptional(time),
  /** Failed before this time. */
  to: v.exactOptional(time),
  status: v.exactOptional(v.picklist(statuses)),
};

/** Which dead letters an operator means. */
export type Selection = v.InferOutput<v.StrictObjectSchema<typeof selectionFields, undefined>>;

/** Who asks: Lambda does not tell a function who invoked it, so this is the caller's own word. */
export const operatorField = {
  operator: v.exactOptional(v.pipe(v.string(), v.minLength(1), v.maxLength(200))),
};

/**
 * The payload of a direct invocation, checked. No payload at all is an empty request.
 * @throws InvalidRequestError that names every wrong field
 */
export function readRequest<Value>(payload: unknown, schema: v.GenericSchema<unknown, Value>): Value {
  const parsed = v.safeParse(schema, isAbsent(payload) ? {} : payload, { abortPipeEarly: true });
  if (parsed.success) return parsed.output;
  const issues = parsed.issues.map((issue) => `${v.getDotPath(issue) ?? 'the request'}: ${issue.message}`);
  throw new InvalidRequestError(`The request is not understood. ${issues.join('; ')}.`);
}

function isAbsent(payload: unknown): boolean {
  return payload === undefined || payload === null || payload === '';
}
