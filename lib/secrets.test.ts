import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { secretOf, textIn } from './secrets.ts';

const arn = 'arn:aws:secretsmanager:eu-west-1:123456789012:secret:openorder/order-AbCdEf';
const login = '{"username":"openorder_order","password":"first"}';

/** A secret whose text the test chooses, on a clock that the test moves. */
function testSecret() {
  const state = { text: login, reads: 0, time: 0 };
  const fetchText = () => {
    state.reads += 1;
    return Promise.resolve(state.text);
  };
  return { state, secret: secretOf(arn, fetchText, () => state.time) };
}

describe('a secret', () => {
  it('when it was read less than five minutes ago, then it is not read again', async () => {
    const { state, secret } = testSecret();
    await secret.read();
    state.time = 299_999;
    expect(await secret.read()).toEqual({ username: 'openorder_order', password: 'first' });
    expect(state.reads).toBe(1);
  });

  it('when five minutes have passed, then a rotated value is seen', async () => {
    const { state, secret } = testSecret();
    await secret.read();
    Object.assign(state, { text: login.replace('first', 'second'), time: 300_000 });
    expect(await secret.read()).toMatchObject({ password: 'second' });
  });

  it('when it is forgotten, then the next read fetches it again', async () => {
    const { state, secret } = testSecret();
    await secret.read();
    secret.forget();
    await secret.read();
    expect(state.reads).toBe(2);
  });

  it('when many read it at once, then it is fetched once', async () => {
    const { state, secret } = testSecret();
    await Promise.all([secret.read(), secret.read(), secret.read()]);
    expect(state.reads).toBe(1);
  });

  it('when a read fails, then that is an infrastructure failure, and the next one tries again', async () => {
    const { state, secret } = testSecret();
    state.text = 'not JSON: hunter2';
    const failed = secret.read();
    await expect(failed).rejects.toMatchObject({
      code: 'OPENORDER_SECRET_UNAVAILABLE',
      disposition: 'infrastructure',
    });
    await expect(failed).rejects.not.toThrow('hunter2');
    state.text = login;
    expect(await secret.read()).toMatchObject({ password: 'first' });
  });

  it('when one string of it is read, then it is returned, or an error names what is missing', async () => {
    const secret = secretOf(arn, () => Promise.resolve(login));
    expect(await textIn(secret, 'password')()).toBe('first');
    await expect(textIn(secret, 'privateKey')()).rejects.toThrow('lacks "privateKey"');
  });
});

describe('Secrets Manager', () => {
  let server: Server;
  let answer: { readonly status: number; readonly body: object };
  const requests: { headers: NodeJS.Dict<string | string[]>; body: string }[] = [];

  beforeAll(async () => {
    server = createServer((request, response) => {
      let body = '';
      request.on('data', (chunk: Buffer) => (body += chunk.toString()));
      request.on('end', () => {
        requests.push({ headers: request.headers, body });
        response.writeHead(answer.status).end(JSON.stringify(answer.body));
      });
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as AddressInfo;
    Object.assign(process.env, {
      AWS_ENDPOINT_URL: `http://127.0.0.1:${port}`,
      AWS_ACCESS_KEY_ID: 'AKIDEXAMPLE',
      AWS_SECRET_ACCESS_KEY: 'example',
      AWS_SESSION_TOKEN: 'token',
    });
  });
  afterAll(() => {
    for (const name of ['URL', 'ACCESS_KEY_ID', 'SECRET_ACCESS_KEY', 'SESSION_TOKEN'])
      Reflect.deleteProperty(process.env, name === 'URL' ? 'AWS_ENDPOINT_URL' : `AWS_${name}`);
    server.close();
  });

  it('when it answers, then the request was signed for the region of the ARN', async () => {
    answer = { status: 200, body: { SecretString: login } };
    expect(await secretOf(arn).read()).toMatchObject({ password: 'first' });
    const { headers, body } = requests.at(-1) ?? { headers: {}, body: '' };
    expect(JSON.parse(body)).toEqual({ SecretId: arn });
    expect(headers['x-amz-target']).toBe('secretsmanager.GetSecretValue');
    expect(headers['x-amz-security-token']).toBe('token');
    expect(headers['authorization']).toMatch(
      /Credential=AKIDEXAMPLE\/\d{8}\/eu-west-1\/secretsmanager\/aws4_request/,
    );
  });

  it('when it refuses, then the message has the ARN, the reason and what to check', async () => {
    answer = { status: 400, body: { __type: 'AccessDeniedException' } };
    const failed = secretOf(arn).read();
    await expect(failed).rejects.toThrow(arn);
    await expect(failed).rejects.toThrow('AccessDeniedException');
    await expect(failed).rejects.toThrow("the function's role");
  });
});
