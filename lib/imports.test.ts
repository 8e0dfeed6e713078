import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import ts from 'typescript';

const projectDirectory = join(import.meta.dirname, '..');
const generated = new Set(['node_modules', '.esbuild', '.serverless', '.local', '.git', 'coverage']);

/** Every source file, relative to the project. */
function sourcesIn(directory: string): string[] {
  return readdirSync(join(projectDirectory, directory), { withFileTypes: true }).flatMap((entry) => {
    const path = join(directory, entry.name);
    if (entry.isDirectory()) return generated.has(entry.name) ? [] : sourcesIn(path);
    return /\.(ts|tsx|js|mjs)$/.test(entry.name) ? [path] : [];
  });
}

/** The files that a file imports, types included. */
function importsOf(path: string): string[] {
  const { importedFiles } = ts.preProcessFile(readFileSync(join(projectDirectory, path), 'utf8'));
  return importedFiles
    .map(({ fileName }) => fileName)
    .filter((name) => name.startsWith('.'))
    .map((name) => join(dirname(path), name));
}

/** The first cycle found, as the files along it; empty when there is none. */
function findCircle(graph: ReadonlyMap<string, readonly string[]>): string[] {
  const done = new Set<string>();
  const visit = (path: string, trail: readonly string[]): string[] => {
    if (trail.includes(path)) return [...trail.slice(trail.indexOf(path)), path];
    if (done.has(path)) return [];
    for (const next of graph.get(path) ?? []) {
      const circle = visit(next, [...trail, path]);
      if (circle.length > 0) return circle;
    }
    done.add(path);
    return [];
  };
  for (const path of graph.keys()) {
    const circle = visit(path, []);
    if (circle.length > 0) return circle;
  }
  return [];
}

it('when files import one another, they do so in one direction', () => {
  const graph = new Map(sourcesIn('.').map((path) => [path, importsOf(path)]));
  expect(graph.size).toBeGreaterThan(100);
  expect(findCircle(graph)).toEqual([]);
});

it('when files import one another in a cycle, the cycle is found', () => {
  const graph = new Map([
    ['a', ['b', 'd']],
    ['b', ['c']],
    ['c', ['b']],
  ]);
  expect(findCircle(graph)).toEqual(['b', 'c', 'b']);
});
