import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { decodeJwt, decodeProtectedHeader } from 'jose';
import { program } from './program.ts';

const dataDirectory = mkdtempSync(join(tmpdir(), 'openorder-token-'));
process.env['OPENORDER_DATA_DIR'] = dataDirectory;
afterAll(() => {
  rmSync(dataDirectory, { recursive: true });
});

async function run(args: string): Promise<string> {
  const printed: string[] = [];
  const command = program({ print: (text) => printed.push(text) })
    .exitOverride()
    .configureOutput({ writeErr: () => undefined });
  await command.parseAsync(args.split(' ').filter(Boolean), { from: 'user' });
  return printed.join('\n');
}

const claimsOf = async (args: string) => decodeJwt(await run(args));

describe('npm run token', () => {
  it('when a customer is named, prints a token with the number and the scope of a customer', async () => {
    const claims = await claimsOf('--user 42');
    expect(claims).toMatchObject({
      iss: 'http://localhost:8090',
      aud: 'openorder',
      sub: '42',
      scope: 'customer',
    });
    expect(Number(claims.exp) - Number(claims.iat)).toBe(8 * 60 * 60);
  });

  it('when an operator is asked for, the token may read and write', async () => {
    expect(await claimsOf('--operator')).toMatchObject({
      sub: 'operator',
      scope: 'operator:read operator:write',
    });
  });

  it('when scope, audience and lifetime are given, the token has them, right or wrong', async () => {
    const token = await claimsOf('--user 7 --scope operator:read --audience other --expires-in -60');
    expect(token).toMatchObject({ sub: '7', scope: 'operator:read', aud: 'other' });
    expect(Number(token.exp)).toBeLessThan(Date.now() / 1_000);
  });

  it('when it runs twice, both tokens are signed with one key, which only its owner can read', async () => {
    const [first, second] = [await run('--user 42'), await run('--user 42')];
    expect(decodeProtectedHeader(second).kid).toBe(decodeProtectedHeader(first).kid);
    expect(statSync(join(dataDirectory, 'issuer-key.json')).mode & 0o777).toBe(0o600);
  });

  it.each(['', '--user 0', '--user me', '--user 42 --operator', '--user 42 --expires-in soon'])(
    'when it is called with "%s", says what is wrong and prints no token',
    async (args) => {
      await expect(run(args)).rejects.toMatchObject({ exitCode: 1 });
    },
  );
});
