import { invalidFields } from '../../lib/http/problem.ts';
import type { HttpRequest } from '../../lib/http/request.ts';

/**
 * The draft sets no limit; 255 fits every index.
 * https://datatracker.ietf.org/doc/html/draft-ietf-httpapi-idempotency-key-header
 */
const longestKey = 255;

/**
 * The draft's form, https://www.rfc-editor.org/rfc/rfc9651#section-3.3.3. A space or a comma is fine within
 * quotes.
 */
const quoted = /^"((?:[\x20\x21\x23-\x5b\x5d-\x7e]|\\["\\])*)"$/;

/**
 * What clients without structured fields send. A comma would mean two headers: gateways combine those of one
 * name.
 */
const bare = /^[\x21\x23-\x2b\x2d-\x7e]+$/;

/**
 * The key under which a request may be repeated; undefined when it has none. `"k"` and `k` are the same key.
 * @throws HttpProblem 422 when the header is malformed or repeated
 */
export function idempotencyKeyOf({ headers }: HttpRequest): string | undefined {
  const header = headers['idempotency-key'];
  if (header === undefined) return undefined;
  const key = parsedKey(header.trim());
  if (key.length >= 1 && key.length <= longestKey) return key;
  const detail = `must be one key of 1 to ${longestKey} visible ASCII characters, with or without quotes`;
  throw invalidFields([{ pointer: 'Idempotency-Key', detail }]);
}

function parsedKey(header: string): string {
  const [, escaped] = quoted.exec(header) ?? [];
  if (escaped !== undefined) return escaped.replaceAll(/\\(.)/g, '$1');
  return bare.test(header) ? header : '';
}
