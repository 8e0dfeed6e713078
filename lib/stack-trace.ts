import { readFileSync } from 'node:fs';
import { SourceMap, type SourceMapPayload } from 'node:module';
import { fileURLToPath } from 'node:url';
import { causesOf } from './errors.ts';

/**
 * A place in a stack as V8 writes it: a path or file URL, then line and column, both from 1.
 * https://v8.dev/docs/stack-trace-api
 */
const place = /(?<=\(|at (?:async )?)(file:\/\/\/|\/)([^()\n?]+\.[cm]?js)(?:\?[^()\n:]*)?:(\d+):(\d+)/g;

/** The maps needed so far, by bundle; undefined for a file without one. */
const maps = new Map<string, SourceMap | undefined>();

/**
 * A stack with positions in bundles replaced by those in their sources, such as
 * `functions/order/create-order.ts:31:9`. Maps are stored beside the bundles and read when the first stack
 * needs them, so they cost nothing until an error is written.
 */
export function sourceStack(stack: string): string {
  return stack.replace(place, (text: string, root: string, rest: string, line: string, column: string) => {
    const path = root === '/' ? root + rest : fileURLToPath(root + rest);
    return sourcePlace(path, Number(line), Number(column)) ?? text;
  });
}

/**
 * Does the same to the stacks of an error and its causes, for those who log them without this project's
 * logger.
 */
export function restoreStacks(error: unknown): void {
  for (const link of causesOf(error)) {
    // Not by assignment, which would throw where a stack is read-only.
    if (link instanceof Error && link.stack !== undefined)
      Reflect.set(link, 'stack', sourceStack(link.stack));
  }
}

function sourcePlace(path: string, line: number, column: number): string | undefined {
  if (!maps.has(path)) maps.set(path, readMap(path));
  const entry = maps.get(path)?.findEntry(line - 1, column - 1);
  if (!entry || !('originalSource' in entry)) return undefined;
  return `${withinProject(entry.originalSource)}:${entry.originalLine + 1}:${entry.originalColumn + 1}`;
}

/** Source paths are relative to the bundle's folder, which is deeper in the project than the sources. */
function withinProject(source: string): string {
  return source.replace(/^(\.\.\/)+/, '');
}

/** A missing or broken map leaves the position as it is: an error about an error would not help. */
function readMap(path: string): SourceMap | undefined {
  try {
    return new SourceMap(JSON.parse(readFileSync(`${path}.map`, 'utf8')) as SourceMapPayload);
  } catch {
    return undefined;
  }
}
