import { httpFunction } from '../lib/http/http-function.ts';
import { notFound } from '../lib/http/problem.ts';

/** Answers every path that no function has. */
export const handler = httpFunction({ scopes: [] }, () =>
  Promise.reject(notFound('There is nothing at this path.')),
);
