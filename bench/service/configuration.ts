import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type Node, parse, parseDocument, visit } from 'yaml';
import { projectDirectory } from '../../lib/local/stack/settings.ts';

/**
 * The framework reads configurations from the project's folder only. Written anew by each run, and not kept
 * in git.
 */
const fileName = 'serverless.bench.yml';

/**
 * What `serverless.yml` is reduced to and extended by: the bench runs the project's own functions, or some of
 * them.
 */
export interface Selection {
  /** Function keys; all by default. */
  readonly only?: readonly string[];
}

/** Writes `serverless.yml` with an empty function added and, if asked for, with some functions only. */
export async function writeConfiguration({ only }: Selection): Promise<string> {
  const document = parseDocument(await readFile(join(projectDirectory, 'serverless.yml'), 'utf8'));
  document.warnings = []; // the tags of CloudFormation are unknown to the parser, and are written back as they are
  // An alias would be left without its anchor when the function that has the anchor is dropped.
  visit(document, { Alias: (_key, alias) => alias.resolve(document)?.clone() as Node | undefined });
  const { functions } = document.toJS() as Configuration;
  const dropped = Object.keys(functions).filter((key) => only !== undefined && !only.includes(key));
  for (const key of dropped) document.deleteIn(['functions', key]);
  const empty = { handler: 'bench/limit/empty.handler', events: [{ httpApi: 'POST /api/empty' }] };
  document.setIn(['functions', 'empty'], document.createNode(empty));
  await writeFile(join(projectDirectory, fileName), document.toString());
  return fileName;
}

/** What a function finds in its environment besides where Kafka, database and mail server are. */
export const containerEnvironment = {
  AWS_LAMBDA_FUNCTION_NAME: 'openorder-bench',
  AUTH_OPEN: 'laptop',
  STAGE: 'local',
  KAFKA_PARTITIONS: '3',
};

/** The functions of `serverless.yml`. */
export async function readFunctionKeys(): Promise<string[]> {
  const text = await readFile(join(projectDirectory, 'serverless.yml'), 'utf8');
  const { functions } = parse(text, { logLevel: 'silent' }) as Configuration;
  return Object.keys(functions);
}

interface Configuration {
  readonly functions: Record<string, unknown>;
}
