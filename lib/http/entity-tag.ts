import { createHash } from 'node:crypto';
import type { Answer } from './http-function.ts';
import type { HttpRequest } from './request.ts';

/**
 * Lets a client that polls get 304 without a body for as long as the response stays the same.
 * https://www.rfc-editor.org/rfc/rfc9110#section-13.1.2
 */
export function withEntityTag(
  handle: (request: HttpRequest) => Promise<Answer>,
): (request: HttpRequest) => Promise<Answer> {
  return async (request) => {
    const answer = await handle(request);
    const digest = createHash('sha256').update(JSON.stringify(answer.body)).digest('base64url');
    const etag = `"${digest.slice(0, 22)}"`;
    const headers = { ...answer.headers, etag, 'cache-control': 'private, no-cache' };
    if (!matches(request.headers['if-none-match'], etag)) return { ...answer, headers };
    return { status: 304, body: undefined, headers };
  };
}

/**
 * Weak comparison: a proxy that compresses a response weakens its tag.
 * https://www.rfc-editor.org/rfc/rfc9110#section-8.8.3.2
 */
function matches(condition: string | undefined, etag: string): boolean {
  const tags = (condition ?? '').split(',').map((tag) => tag.trim().replace(/^W\//, ''));
  return tags.includes(etag) || tags.includes('*');
}
