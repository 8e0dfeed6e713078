import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { loadSigningKey } from './signing-key.ts';

const directory = mkdtempSync(join(tmpdir(), 'openorder-key-'));
afterEach(() => {
  rmSync(join(directory, 'issuer-key.json'), { force: true });
});
afterAll(() => {
  rmSync(directory, { recursive: true });
});

it('when two processes create the key at once, both have the same one, and nothing else is left', async () => {
  const keys = await Promise.all([loadSigningKey(directory), loadSigningKey(directory)]);
  const later = await loadSigningKey(directory);
  expect(new Set([...keys, later].map(({ publicKey }) => publicKey.n)).size).toBe(1);
  expect(readdirSync(directory)).toEqual(['issuer-key.json']);
});

it.each(['', '{}', 'null', '{"kty":"RSA"'])(
  'when the file holds %j, says so and what to do',
  async (text) => {
    writeFileSync(join(directory, 'issuer-key.json'), text);
    await expect(loadSigningKey(directory)).rejects.toMatchObject({
      code: 'ISSUER_KEY_DAMAGED',
      message: expect.stringMatching(/issuer-key\.json, .* is damaged: delete it/) as string,
    });
  },
);
