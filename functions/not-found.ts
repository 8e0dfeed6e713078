import { routes, type Route } from 'deployed:routes';
import { type Answer, openFunction } from '../lib/http/http-function.ts';
import { methodNotAllowed, notFound } from '../lib/http/problem.ts';
import type { HttpRequest } from '../lib/http/request.ts';

/** Answers every request that no function handles: another method at a path of the API, or no such path. */
export function refuseUnrouted(routes: readonly Route[]) {
  return ({ rawPath }: Pick<HttpRequest, 'rawPath'>): Promise<Answer> => {
    const allowed = routes.filter(({ path }) => matches(path, rawPath)).map(({ method }) => method);
    return Promise.reject(
      allowed.length > 0 ? methodNotAllowed(allowed) : notFound('There is nothing at this path.'),
    );
  };
}

/** A parameter such as `{orderId}` matches one segment, `{rest+}` all that follow. */
function matches(path: string, rawPath: string): boolean {
  const segments = rawPath.split('/');
  const expected = path.split('/');
  const hasRest = path.endsWith('+}');
  if (hasRest ? segments.length < expected.length : segments.length !== expected.length) return false;
  return expected.every((part, index) =>
    part.startsWith('{') ? segments[index] !== '' : part === segments[index],
  );
}

export const handler = openFunction(refuseUnrouted(routes));
