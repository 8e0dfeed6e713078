import type { APIGatewayProxyEventV2, Context } from 'aws-lambda';
import { environment } from '../../../test/support/environment.ts';
import { sample } from '../../../test/support/sample.ts';
import { signedToken, signingKey, trusted } from '../../../test/support/tokens.ts';
import type { Cause, ListedDeadLetter } from '../dead-letter-store.ts';
import type { Action, Operation } from '../operation.ts';

environment();
const key = await signingKey('key-1');
process.env['AUTH_ISSUER'] = trusted.issuer;
process.env['AUTH_AUDIENCE'] = trusted.audience;
process.env['AUTH_JWKS'] = JSON.stringify({ keys: [key.published] });
const { getDeadLetter } = await import('../get-dead-letter.ts');
const { listDeadLetters } = await import('../list-dead-letters.ts');
const { parkDeadLetters } = await import('../park-dead-letters.ts');
const { undoOperation } = await import('../undo-operation.ts');
const { deadLetterInPath, fromBody, fromQuery, operationInPath, operatorFunction } =
  await import('./operator-function.ts');

const known = '8f3e4a52-6c1d-4d4b-9a53-3f7a0c5b1e20';

/** The service's commands on a store that remembers what it was asked. */
function setUp(actions: Record<string, Action> = { [known]: 'PARK' }) {
  const asked: unknown[] = [];
  const operations: Operation[] = [];
  const store = {
    causes: () => Promise.resolve<Cause[]>([]),
    list: (...values: unknown[]) => {
      asked.push(values);
      return Promise.resolve<ListedDeadLetter[]>([]);
    },
    find: () => Promise.resolve(undefined),
    historyOf: () => Promise.resolve([]),
    snapshot: () => Promise.resolve({ matching: 2, throughId: 2, oldestId: 1, fingerprint: 'two' }),
    mark: (operation: Operation) => {
      operations.push(operation);
      return Promise.resolve(2);
    },
    findAction: (id: string) => Promise.resolve(actions[id]),
    undo: (operation: Operation) => {
      operations.push(operation);
      return Promise.resolve(2);
    },
  };
  return {
    asked,
    operations,
    list: operatorFunction({ scopes: ['operator:read'], payload: fromQuery }, listDeadLetters({ store })),
    get: operatorFunction({ scopes: ['operator:read'], payload: deadLetterInPath }, getDeadLetter({ store })),
    park: operatorFunction({ scopes: ['operator:write'], payload: fromBody }, parkDeadLetters({ store })),
    undo: operatorFunction(
      { scopes: ['operator:write'], payload: operationInPath },
      undoOperation({ store }),
    ),
  };
}

const context = { getRemainingTimeInMillis: () => 900_000 } as Context;
const token = await signedToken(key, { sub: 'kim', scope: 'operator:read operator:write' });
const overHttp = async (
  handler: (event: unknown, context: Context) => Promise<unknown>,
  rest: Partial<APIGatewayProxyEventV2>,
  headers: Record<string, string> = { authorization: `Bearer ${token}` },
) => {
  const event = { ...(sample('undoOperation', 'http') as APIGatewayProxyEventV2), ...rest, headers };
  const { statusCode, body } = (await handler(event, context)) as { statusCode: number; body: string };
  return { status: statusCode, body: JSON.parse(body) as Record<string, unknown> };
};

describe('a function that operators reach in two ways', () => {
  it('when it is invoked directly, needs no token, and its operator is whoever the request names', async () => {
    const { park, operations } = setUp();
    expect(await park({ ids: [1], operator: 'ada' }, context)).toMatchObject({ changed: 2 });
    expect(operations).toMatchObject([{ action: 'PARK', operator: 'ada' }]);
  });

  it('when it is called over HTTP, does and answers the same, and its operator is whoever the token names', async () => {
    const { park, operations } = setUp();
    const answer = await overHttp(park, { body: '{"ids":[1]}' });
    expect(answer).toMatchObject({ status: 200, body: { matching: 2, changed: 2 } });
    expect(operations).toMatchObject([
      { action: 'PARK', operator: 'kim', request: { ids: [1], status: 'NEW' } },
    ]);
  });

  it('when an HTTP request has no token, nothing is done', async () => {
    const { park, operations } = setUp();
    expect((await overHttp(park, { body: '{"ids":[1]}' }, {})).status).toBe(401);
    expect(operations).toEqual([]);
  });

  it('when an HTTP request names an operator, is refused: nobody acts in the name of another', async () => {
    const { park, operations } = setUp();
    const answer = await overHttp(park, { body: '{"ids":[1],"operator":"ada"}' });
    expect(answer).toMatchObject({ status: 422, body: { errors: [{ pointer: '/operator' }] } });
    expect(operations).toEqual([]);
  });

  it.each([
    ['console', 'console'],
    ['cli', 'cli'],
    [undefined, 'api'],
    ['something', 'api'],
  ])('when the client says that it is %s, the trail says %s', async (client, source) => {
    const { park, operations } = setUp();
    const headers = { authorization: `Bearer ${token}`, ...(client && { 'openorder-client': client }) };
    await overHttp(park, { body: '{"ids":[1]}' }, headers);
    expect(operations).toMatchObject([{ source }]);
  });

  it('when query parameters say what is meant, numbers are read as numbers', async () => {
    const { list, asked } = setUp();
    const queryStringParameters = { topic: 'order.created', ids: '1,2', limit: '5', cursor: '9' };
    expect(await overHttp(list, { queryStringParameters })).toEqual({
      status: 200,
      body: { total: 0, causes: [], deadLetters: [] },
    });
    expect(asked).toEqual([[{ topic: 'order.created', ids: [1, 2] }, 9, 6]]);
  });

  it.each([
    [{ limit: 'x' }, 'limit'],
    [{ limit: '501' }, 'limit'],
    [{ ids: '1,x' }, 'ids'],
    [{ status: 'LOST' }, 'status'],
    [{ from: 'soon' }, 'from'],
    [{ colour: 'red' }, 'colour'],
  ])('when the query is %j, answers 422 and names the parameter', async (query, pointer) => {
    const queryStringParameters = query as Record<string, string>;
    const answer = await overHttp(setUp().list, { queryStringParameters });
    expect(answer).toMatchObject({ status: 422, body: { errors: [{ pointer }] } });
  });

  it('when a query parameter is given twice, answers 422, as on every other route', async () => {
    const twice = { rawQueryString: 'topic=a&topic=b', queryStringParameters: { topic: 'a,b' } };
    const answer = await overHttp(setUp().list, twice);
    expect(answer).toMatchObject({ status: 422, body: { errors: [{ pointer: 'topic' }] } });
  });

  it.each([
    ['{}', ''],
    ['{"ids":["x"]}', '/ids/0'],
    ['{"ids":[1],"status":"REDRIVEN"}', '/status'],
  ])('when the body is %s, answers 422 and points to what is wrong', async (body, pointer) => {
    const answer = await overHttp(setUp().park, { body });
    expect(answer).toMatchObject({ status: 422, body: { errors: [{ pointer }] } });
  });

  it.each(['7', 'abc', '0'])('when there is no dead letter %s, answers 404', async (id) => {
    expect((await overHttp(setUp().get, { pathParameters: { id } })).status).toBe(404);
  });
});

describe('POST /api/operations/{id}/undo', () => {
  it('when something was parked, undoes it as an operation of its own', async () => {
    const { undo, operations } = setUp();
    const answer = await overHttp(undo, { pathParameters: { id: known } });
    expect(answer).toMatchObject({ status: 200, body: { undone: known, changed: 2 } });
    expect(operations).toMatchObject([{ action: 'UNDO', operator: 'kim', request: { id: known } }]);
  });

  it.each(['nothing', '00000000-0000-4000-8000-000000000000'])(
    'when there is no operation %s, answers 404',
    async (id) => {
      expect((await overHttp(setUp().undo, { pathParameters: { id } })).status).toBe(404);
    },
  );

  it('when it was a redrive, answers 409: what was sent is sent', async () => {
    const { undo, operations } = setUp({ [known]: 'REDRIVE' });
    expect((await overHttp(undo, { pathParameters: { id: known } })).status).toBe(409);
    expect(operations).toEqual([]);
  });
});
