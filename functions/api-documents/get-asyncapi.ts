import asyncapi from '../../docs/asyncapi.json' with { type: 'json' };
import { withEntityTag } from '../../lib/http/entity-tag.ts';
import { openFunction } from '../../lib/http/http-function.ts';

/** Shows what each topic holds and who reads it, as AsyncAPI. */
export const handler = openFunction(withEntityTag(() => Promise.resolve({ status: 200, body: asyncapi })));
