import openapi from '../../docs/openapi.json' with { type: 'json' };
import { withEntityTag } from '../../lib/http/entity-tag.ts';
import { openFunction } from '../../lib/http/http-function.ts';

/** Shows what the HTTP API accepts and answers, as OpenAPI. */
export const handler = openFunction(withEntityTag(() => Promise.resolve({ status: 200, body: openapi })));
