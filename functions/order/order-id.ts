import { identifierIn } from '../../lib/edge.ts';
import { type HttpProblem, notFound } from '../../lib/http/problem.ts';
import type { HttpRequest } from '../../lib/http/request.ts';

/** The order id in the path. @throws HttpProblem 404 when it can be no order's id */
export function orderIdOf(request: HttpRequest): number {
  const orderId = identifierIn(request.pathParameters?.['orderId']);
  if (orderId === undefined) throw noSuchOrder();
  return orderId;
}

/** The same for an order that does not exist and for one that is none of the caller's business. */
export function noSuchOrder(): HttpProblem {
  return notFound('There is no such order.');
}
