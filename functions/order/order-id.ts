import * as v from 'valibot';
import { identifierText } from '../../lib/edge.ts';
import { notFound } from '../../lib/http/problem.ts';
import type { HttpRequest } from '../../lib/http/request.ts';

/** The order id in the path. @throws HttpProblem 404 when it can be no order's id */
export function orderIdOf(request: HttpRequest): number {
  const parsed = v.safeParse(identifierText, request.pathParameters?.['orderId']);
  if (!parsed.success) throw noSuchOrder();
  return parsed.output;
}

export function noSuchOrder() {
  return notFound('There is no such order.');
}
