import { createServer, type Server } from 'node:http';
import { buffer } from 'node:stream/consumers';
import type { AddressInfo } from 'node:net';
import { Invoker } from './invoker.ts';

type Answer = (
  event: string,
  path: string,
) => { status: number; headers?: Record<string, string>; body: string };

let server: Server;
let answer: Answer;
let connections = 0;
let invoker: Invoker;

beforeEach(async () => {
  server = createServer((request, response) => {
    void buffer(request).then((bytes) => {
      const { status, headers, body } = answer(bytes.toString(), request.url ?? '');
      response.writeHead(status, headers).end(body);
    });
  });
  connections = 0;
  server.on('connection', () => (connections += 1));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  invoker = new Invoker(`http://127.0.0.1:${port}`, { noTimeout: false });
});

afterEach(async () => {
  invoker.close();
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
});

const invoke = () => invoker.invoke('service-dev-reserve', 1_000, '{"text":"주문"}');

describe('a call through Lambda’s Invoke API', () => {
  it('when the function responds, its payload is returned, and the connection serves the next call', async () => {
    answer = (event, path) => ({ status: 200, body: JSON.stringify({ event, path }) });
    const payload = JSON.stringify({
      event: '{"text":"주문"}',
      path: '/2015-03-31/functions/service-dev-reserve/invocations',
    });
    expect(await invoke()).toEqual({ type: 'answer', payload });
    expect(await invoke()).toEqual({ type: 'answer', payload });
    expect(connections).toBe(1);
  });

  it.each([
    [
      '200 with a function error',
      200,
      { 'x-amz-function-error': 'Unhandled' },
      '{"errorMessage":"boom"}',
      { type: 'function-error', reason: 'boom' },
    ],
    ['413', 413, {}, '', { type: 'too-large' }],
    [
      '404',
      404,
      {},
      '{}',
      { type: 'unavailable', reason: 'the endpoint knows no function service-dev-reserve' },
    ],
    [
      '500',
      500,
      {},
      '{"message":"An internal error"}',
      { type: 'function-error', reason: 'status 500: An internal error' },
    ],
    ['429', 429, {}, '', { type: 'unavailable', reason: 'status 429' }],
  ])('when the endpoint answers %s, the call has that result', async (_, status, headers, body, result) => {
    answer = () => ({ status, headers: headers, body });
    expect(await invoke()).toEqual(result);
  });

  it('when nothing listens, the function is unavailable', async () => {
    await new Promise((resolve) => server.close(resolve));
    expect(await invoke()).toMatchObject({ type: 'unavailable' });
  });
});
