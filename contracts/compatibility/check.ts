// npm run contracts:check -- <git ref>: says what worked with the contracts at that commit and does not work
// with these.
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Break } from './break.ts';
import { brokenRoutes, type OpenApi } from './routes.ts';
import { type AsyncApi, brokenTopics } from './topics.ts';

const root = join(import.meta.dirname, '..', '..');
const [reference] = process.argv.slice(2);

function main(): number {
  if (reference === undefined) {
    console.error('Name the commit to compare with: npm run contracts:check -- <git ref>');
    return 2;
  }
  const before = { openapi: committed('openapi.json'), asyncapi: committed('asyncapi.json') };
  if (before.openapi === undefined || before.asyncapi === undefined) {
    console.log(`There are no contracts at ${reference} to compare with.`);
    return 0;
  }
  const broken = [
    ...brokenRoutes(before.openapi as OpenApi, current('openapi.json') as OpenApi),
    ...brokenTopics(before.asyncapi as AsyncApi, current('asyncapi.json') as AsyncApi),
  ];
  console.log(reportOf(broken));
  return broken.length === 0 ? 0 : 1;
}

/** A document as it was; undefined where the commit has none. @throws when git does not know the commit */
function committed(name: string): unknown {
  execFileSync('git', ['rev-parse', '--verify', '--quiet', `${String(reference)}^{commit}`], { cwd: root });
  try {
    const text = execFileSync('git', ['show', `${String(reference)}:docs/${name}`], {
      cwd: root,
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'ignore'],
      maxBuffer: 64 * 1024 * 1024,
    });
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function current(name: string): unknown {
  return JSON.parse(readFileSync(join(root, 'docs', name), 'utf8'));
}

function reportOf(broken: readonly Break[]): string {
  if (broken.length === 0) return `Nothing that worked with the contracts at ${String(reference)} is broken.`;
  const subjects = Map.groupBy(broken, ({ subject }) => subject);
  return [...subjects]
    .map(([subject, of]) =>
      [subject, ...of.map(({ who, reason }) => `  breaks ${who}: ${reason}`)].join('\n'),
    )
    .join('\n');
}

process.exitCode = main();
