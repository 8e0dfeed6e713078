import * as v from 'valibot';
import { identifierSchema, skuSchema } from '../lib/contracts/order-item.ts';
import type { Parameter } from './route.ts';

export const orderIdParameter: Parameter = {
  description: 'The order.',
  schema: identifierSchema,
  example: 1,
};
export const userIdParameter: Parameter = {
  description: 'The customer.',
  schema: identifierSchema,
  example: 42,
};
export const skuParameter: Parameter = { description: 'The article.', schema: skuSchema, example: 'ABC-001' };

/** A page of a list; `nextCursor`, given back as `cursor`, leads to the next one. */
export function pageOf(name: string, item: v.GenericSchema): v.GenericSchema {
  return v.object({ [name]: v.array(item), nextCursor: v.exactOptional(v.string()) });
}

/** Headers of a route whose answer a client can keep, and what it answers when nothing has changed. */
export const cacheable = {
  headers: { ETag: 'Send it back as If-None-Match to learn whether anything has changed.' },
  unchanged: { 304: { description: 'Nothing has changed since the answer with this ETag.' } },
} as const;

/** The request header of a route whose answer a client can keep. */
export const ifNoneMatch: Parameter = {
  description: 'The ETag of an answer that the client has.',
  schema: v.string(),
  example: '"3f8a"',
};
