import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { discoveredOrigins } from './issuer-origins.ts';

let server: Server;
let issuer: string;
let answer: { status: number; body: unknown };
let requests: number;

beforeAll(async () => {
  server = createServer((_request, response) => {
    requests += 1;
    response.writeHead(answer.status).end(JSON.stringify(answer.body));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  issuer = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});

beforeEach(() => {
  requests = 0;
  answer = { status: 200, body: document() };
});

afterAll(() => server.close());

const document = (changes: Record<string, unknown> = {}) => ({
  issuer,
  authorization_endpoint: 'https://pool.auth.example/oauth2/authorize',
  token_endpoint: 'https://pool.auth.example/oauth2/token',
  ...changes,
});

describe('the origins that the page may call to sign people in', () => {
  it('when the issuer has its token endpoint on another host, include that host', async () => {
    expect(await discoveredOrigins(issuer)()).toEqual([issuer, 'https://pool.auth.example']);
  });

  it('when the page is served again within the hour, the issuer is called once', async () => {
    let at = 0;
    const origins = discoveredOrigins(issuer, () => at);
    await origins();
    at = 59 * 60_000;
    await origins();
    expect(requests).toBe(1);
    at = 61 * 60_000;
    await origins();
    expect(requests).toBe(2);
  });

  it.each([
    ['fails', { status: 500, body: {} }],
    ['describes another issuer', { status: 200, body: { issuer: 'https://other.example' } }],
    ['is not an object', { status: 200, body: null }],
  ])(
    'when the discovery document %s, are the issuer’s alone, and a minute later it is asked again',
    async (_what, bad) => {
      let at = 0;
      const origins = discoveredOrigins(issuer, () => at);
      answer = bad;
      expect(await origins()).toEqual([issuer]);
      answer = { status: 200, body: document() };
      expect(await origins()).toEqual([issuer]);
      at = 60_001;
      expect(await origins()).toContain('https://pool.auth.example');
    },
  );

  it('when the issuer fails later, stay the same', async () => {
    let at = 0;
    const origins = discoveredOrigins(issuer, () => at);
    await origins();
    answer = { status: 500, body: {} };
    at = 2 * 60 * 60_000;
    expect(await origins()).toContain('https://pool.auth.example');
  });

  it('when an endpoint is not a web address, it is left out, so that the policy stays intact', async () => {
    const odd = { authorization_endpoint: "data:text/html,'self'", token_endpoint: 'not; an address' };
    answer = { status: 200, body: document({ ...odd, end_session_endpoint: 7 }) };
    expect(await discoveredOrigins(issuer)()).toEqual([issuer]);
  });
});
