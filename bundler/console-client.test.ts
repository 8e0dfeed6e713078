import { gzipSync } from 'node:zlib';
import { buildClient, isDictionary } from './console-client.ts';

describe('the console’s client', () => {
  it('when it is bundled, what a visitor loads in any language takes at most 40 kB compressed', async () => {
    const { files } = await buildClient();
    const shell = files.filter((file) => !isDictionary(file));
    const dictionaries = files.filter(isDictionary);
    const sizeOf = (some: typeof files) =>
      some.reduce((sum, { contents }) => sum + gzipSync(contents, { level: 9 }).length, 0);
    expect(shell.map(({ path }) => path.replace(/^.*\./, '')).toSorted()).toEqual(['css', 'js']);
    expect(dictionaries).toHaveLength(2);
    for (const dictionary of dictionaries) {
      expect(sizeOf([...shell, dictionary])).toBeLessThanOrEqual(40_000);
    }
  });
});
