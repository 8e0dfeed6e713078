import { identifierIn } from '../../lib/edge.ts';
import { type HttpProblem, notFound } from '../../lib/http/problem.ts';
import type { HttpRequest } from '../../lib/http/request.ts';

/** The order id in the path. @throws HttpProblem 404 when it cannot be an order's id */
export function orderIdOf(request: HttpRequest): number {
  const orderId = identifierIn(request.pathParameters?.['orderId']);
  if (orderId === undefined) throw noSuchOrder();
  return orderId;
}

/** The same for an order that does not exist and for one that the caller may not see. */
export function noSuchOrder(): HttpProblem {
  return notFound('There is no such order.');
}
