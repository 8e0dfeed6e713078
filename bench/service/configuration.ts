import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type Node, parse, parseDocument, visit } from 'yaml';
import { projectDirectory } from '../../lib/local/stack/settings.ts';

/**
 * The framework reads configurations only from the project's directory. Each run writes the file anew; git
 * ignores it.
 */
const fileName = 'serverless.bench.yml';

/**
 * Which of the functions in `serverless.yml` the bench runs.
 */
export interface Selection {
  /** Function keys; all by default. */
  readonly only?: readonly string[];
}

/** Writes a copy of `serverless.yml` with an empty function added and, if asked for, only some functions. */
export async function writeConfiguration({ only }: Selection): Promise<string> {
  const document = parseDocument(await readFile(join(projectDirectory, 'serverless.yml'), 'utf8'));
  document.warnings = []; // the parser does not know CloudFormation's tags, and writes them back unchanged
  // Dropping a function with an anchor would leave the anchor's aliases dangling.
  visit(document, { Alias: (_key, alias) => alias.resolve(document)?.clone() as Node | undefined });
  const { functions } = document.toJS() as Configuration;
  const dropped = Object.keys(functions).filter((key) => only !== undefined && !only.includes(key));
  for (const key of dropped) document.deleteIn(['functions', key]);
  const empty = { handler: 'bench/limit/empty.handler', events: [{ httpApi: 'POST /api/empty' }] };
  document.setIn(['functions', 'empty'], document.createNode(empty));
  await writeFile(join(projectDirectory, fileName), document.toString());
  return fileName;
}

/** A function's environment, apart from the addresses of Kafka, the database and the mail server. */
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
