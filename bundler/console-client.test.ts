import { gzipSync } from 'node:zlib';
import { buildClient } from './console-client.ts';

describe('the console’s client', () => {
  it('when it is bundled, script and style take at most 40 kB compressed', async () => {
    const { files } = await buildClient();
    const bytes = files.map(({ contents }) => gzipSync(contents, { level: 9 }).length);
    expect(files.map(({ path }) => path.replace(/^.*\./, '')).toSorted()).toEqual(['css', 'js']);
    expect(bytes.reduce((sum, size) => sum + size, 0)).toBeLessThanOrEqual(40_000);
  });
});
