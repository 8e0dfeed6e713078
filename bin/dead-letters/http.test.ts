import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { httpInvoker } from './http.ts';

interface Answer {
  readonly status: number;
  readonly body: unknown;
}

let server: Server | undefined;
afterEach(() => server?.close());

/** An HTTP API that gives one answer, and keeps what it was asked. */
async function startApi({ status, body }: Answer) {
  const requests: { method: string; path: string; authorization: string; body: string }[] = [];
  const keep = async ({ method = '', url: path = '', headers }: IncomingMessage, content: Promise<string>) =>
    requests.push({ method, path, authorization: headers.authorization ?? '', body: await content });
  server = createServer((request, response) => {
    void keep(request, text(request)).then(() => {
      response.writeHead(status).end(JSON.stringify(body));
    });
  });
  await new Promise<void>((resolve) => server?.listen(0, '127.0.0.1', resolve));
  return { requests, url: `http://127.0.0.1:${(server.address() as AddressInfo).port}` };
}

describe('the functions reached over HTTP', () => {
  it.each([
    [
      'listDeadLetters',
      { topic: 'a b', limit: 5, cursor: undefined },
      'GET',
      '/api/dead-letters?topic=a+b&limit=5',
      '',
    ],
    ['getDeadLetter', { id: 7 }, 'GET', '/api/dead-letters/7', ''],
    ['redriveDeadLetters', { ids: [1] }, 'POST', '/api/dead-letters/redrive', '{"ids":[1]}'],
    ['parkDeadLetters', { ids: [1], operator: 'me' }, 'POST', '/api/dead-letters/park', '{"ids":[1]}'],
    ['discardDeadLetters', { ids: [1] }, 'POST', '/api/dead-letters/discard', '{"ids":[1]}'],
  ])(
    'when %s is asked %j, its route is called with the token',
    async (functionKey, payload, method, path, body) => {
      const { requests, url } = await startApi({ status: 200, body: { fine: true } });
      expect(await httpInvoker(`${url}/`, 't')(functionKey, payload)).toEqual({ fine: true });
      expect(requests).toEqual([{ method, path, authorization: 'Bearer t', body }]);
    },
  );

  it('when there is no such thing, gives null, as a direct invocation does', async () => {
    const { url } = await startApi({ status: 404, body: { type: 'urn:openorder:problem:not-found' } });
    expect(await httpInvoker(url, 't')('getDeadLetter', { id: 7 })).toBeNull();
  });

  it.each([
    [401, 1],
    [403, 1],
    [422, 2],
    [409, 2],
    [503, 1],
  ])('when the answer is %i, says why and ends with %i', async (status, exitCode) => {
    const body = { detail: 'No.', errors: [{ pointer: '/ids', detail: 'is missing' }] };
    const { url } = await startApi({ status, body });
    await expect(httpInvoker(url, undefined)('parkDeadLetters', {})).rejects.toMatchObject({
      exitCode,
      message: 'parkDeadLetters failed: No. /ids is missing',
    });
  });

  it('when nobody listens, says so', async () => {
    const failing = httpInvoker('http://127.0.0.1:1', 't')('getDeadLetter', { id: 7 });
    await expect(failing).rejects.toMatchObject({
      exitCode: 1,
      message: expect.stringContaining('not be reached') as string,
    });
  });
});
