import * as v from 'valibot';
import { orderItemsSchema } from '../contracts/order-item.ts';
import { emptyRequest, jsonRequest } from '../../test/support/request.ts';
import { HttpProblem } from './problem.ts';
import { integerText, readBody, readQuery } from './request.ts';

const bodySchema = v.object({ items: orderItemsSchema });
const querySchema = v.object({ limit: v.optional(integerText(1, 100), '20') });

/** The problem that a request is answered with. */
function problemOf(read: () => unknown): HttpProblem {
  try {
    read();
  } catch (error) {
    if (error instanceof HttpProblem) return error;
    throw error;
  }
  throw new Error('The request was accepted.');
}

describe('a body with many invalid fields', () => {
  it('when it holds too many items, says so and validates none of them', () => {
    const { errors } = problemOf(() => readBody(jsonRequest({ items: Array(131_000).fill(0) }), bodySchema));
    expect(errors).toEqual([{ pointer: '/items', detail: 'must hold at most 100 items' }]);
  });

  it('when over 20 fields are invalid, names 20', () => {
    const { errors } = problemOf(() => readBody(jsonRequest({ items: Array(100).fill(0) }), bodySchema));
    expect(errors).toHaveLength(20);
  });
});

describe('a query', () => {
  const read = (rawQueryString: string, queryStringParameters: Record<string, string>) =>
    readQuery(emptyRequest({ rawQueryString, queryStringParameters }), querySchema);

  it('when a parameter is given once, is read', () => {
    expect(read('limit=5', { limit: '5' })).toEqual({ limit: 5 });
  });

  it.each([
    ['joined, as API Gateway does', 'limit=5&limit=6', { limit: '5,6' }],
    ['without the empty one, as serverless-offline does', 'limit=&limit=6', { limit: '6' }],
    ['the same twice', 'limit=5&%6Cimit=5', { limit: '5' }],
  ])('when a parameter is given twice (%s), is refused', (_, raw, parameters) => {
    expect(problemOf(() => read(raw, parameters))).toMatchObject({
      status: 422,
      errors: [{ pointer: 'limit', detail: 'must be given once' }],
    });
  });
});
