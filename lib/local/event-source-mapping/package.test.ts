import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const folder = import.meta.dirname;
const { dependencies, peerDependencies } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as {
  dependencies: Record<string, string>;
  peerDependencies: Record<string, string>;
};

/** The packages that a file imports, except `node:` modules. */
function importedPackages(file: string): string[] {
  const source = readFileSync(join(folder, file), 'utf8');
  const specifiers = [...source.matchAll(/(?:\bfrom |\bimport\()'([^.'][^']*)'/g)].map(
    ([, name = '']) => name,
  );
  return specifiers
    .filter((name) => !name.startsWith('node:'))
    .map((name) => name.split('/', name.startsWith('@') ? 2 : 1).join('/'));
}

it('when the package is installed by itself, everything that it imports is installed', () => {
  const files = globSync('**/*.{ts,js}', { cwd: folder }).filter(
    (file) => !/^(dist|examples|node_modules|testing)\/|\.test\.ts$|jest\.config/.test(file),
  );
  const imported = new Set(files.flatMap(importedPackages));
  expect(imported).toContain('kafkajs');
  expect([...imported].filter((name) => !(name in dependencies) && !(name in peerDependencies))).toEqual([]);
});
