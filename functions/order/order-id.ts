import * as v from 'valibot';
import { identifierSchema } from '../../lib/contracts/order-item.ts';
import { notFound } from '../../lib/http/problem.ts';
import type { HttpRequest } from '../../lib/http/request.ts';

const orderIdSchema = v.pipe(v.string(), v.regex(/^[1-9]\d*$/), v.transform(Number), identifierSchema);

/** The order id in the path. @throws HttpProblem 404 when it can be no order's id */
export function orderIdOf(request: HttpRequest): number {
  const parsed = v.safeParse(orderIdSchema, request.pathParameters?.['orderId']);
  if (!parsed.success) throw noSuchOrder();
  return parsed.output;
}

export function noSuchOrder() {
  return notFound('There is no such order.');
}
