import { brokenRoutes, type OpenApi } from './routes.ts';

const id = { type: 'integer', minimum: 1 };
const json = (properties: object, required: readonly string[]) => ({
  content: { 'application/json': { schema: { type: 'object', properties, required } } },
});
type Operation = NonNullable<OpenApi['paths'][string]>[string];
const operation: Operation = {
  security: [{ caller: ['customer'] }, { caller: ['operator:write'] }],
  parameters: [{ name: 'limit', in: 'query', required: false, schema: { ...id, maximum: 100 } }],
  requestBody: json({ userId: id }, ['userId']),
  responses: { 201: json({ orderId: id }, ['orderId']) },
};
const documentOf = (changes: Partial<Operation>): OpenApi => ({
  paths: { '/api/orders': { post: { ...operation, ...changes } } },
});
const check = (changes: Partial<Operation>) =>
  brokenRoutes(documentOf({}), documentOf(changes)).map(({ subject, reason }) => `${subject}: ${reason}`);

describe('a changed route', () => {
  it.each<[string, Partial<Operation>]>([
    ['nothing changes', {}],
    ['the body may hold more', { requestBody: json({ userId: id, note: id }, ['userId']) }],
    ['the answer holds more', { responses: { 201: json({ orderId: id, note: id }, ['orderId', 'note']) } }],
    ['another scope lets callers in', { security: [...operation.security, { caller: ['partner'] }] }],
  ])('when %s, nothing breaks', (_, changes) => {
    expect(check(changes)).toEqual([]);
  });

  it.each<[string, Partial<Operation>, string]>([
    [
      'a field of the body is required',
      { requestBody: json({ userId: id, note: id }, ['userId', 'note']) },
      'their body is refused: /note is missing',
    ],
    [
      'a field of the answer is gone',
      { responses: { 201: json({}, []) } },
      'in the answer of 201, /orderId is missing',
    ],
    [
      'another status is answered',
      { responses: { 201: operation.responses[201] ?? {}, 202: {} } },
      'an answer of 202 is new to them',
    ],
    [
      'a scope is withdrawn',
      { security: [{ caller: ['operator:write'] }] },
      'the scope customer no longer lets a caller in',
    ],
    [
      'a parameter is narrowed',
      { parameters: [{ name: 'limit', in: 'query', required: false, schema: { ...id, maximum: 50 } }] },
      'query parameter limit is refused: the value may pass the maximum of 50',
    ],
    ['a parameter is gone', { parameters: [] }, 'query parameter limit is no longer read'],
  ])('when %s, it is named', (_, changes, reason) => {
    expect(check(changes)).toEqual([`POST /api/orders: ${reason}`]);
  });

  it('when the route is gone, it is named', () => {
    expect(brokenRoutes(documentOf({}), { paths: {} })).toEqual([
      { subject: 'POST /api/orders', who: 'old clients', reason: 'the route is gone' },
    ]);
  });
});
