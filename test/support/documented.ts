import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { Ajv } from 'ajv';
import addFormats from 'ajv-formats';
import { projectDirectory } from '../../lib/local/stack/settings.ts';

/** A JSON document, as far as this file looks into one. */
interface Json {
  readonly [name: string]: Json;
}

const documentOf = (name: string) =>
  JSON.parse(readFileSync(join(projectDirectory, 'docs', name), 'utf8')) as Json;
const openapi = documentOf('openapi.json');
const asyncapi = documentOf('asyncapi.json');

const answers = new Ajv2020({ strict: false, allErrors: true });
const records = new Ajv({ strict: false, allErrors: true });
addFormats.default(answers);
addFormats.default(records);
answers.addSchema(openapi, 'openapi');

/** What in an answer docs/openapi.json does not allow; empty when it is as documented. */
export function undocumentedInAnswer(
  method: string,
  path: string,
  response: Response,
  body: unknown,
): string[] {
  const operation = operationAt(method, path);
  if (!operation) return [`${method} ${path} is not documented`];
  const { pointer, response: documented } = documentedResponse(operation, response.status);
  if (!documented) return [`${method} ${path} may not answer ${response.status}`];
  const [mediaType = ''] = (response.headers.get('content-type') ?? '').split(';');
  if (!documented['content']?.[mediaType]) return [`${method} ${path} may not answer ${mediaType}`];
  const schema = `openapi#${pointer}/content/${pointerStep(mediaType)}/schema`;
  return problemsOf(answers, { $ref: schema }, body);
}

/**
 * What in a record's value and headers docs/asyncapi.json does not allow; empty when it is as documented.
 */
export function undocumentedInRecord(topic: string, value: unknown, headers: object): string[] {
  const message = asyncapi['components']?.['messages']?.[topic];
  if (!message) return [`${topic} is not documented`];
  return [
    ...problemsOf(records, closed(message['payload'] ?? {}), value),
    ...problemsOf(records, message['headers'] ?? {}, headers),
  ];
}

interface Operation {
  readonly pointer: string;
  readonly operation: Json;
}

function operationAt(method: string, path: string): Operation | undefined {
  const [pathname = ''] = path.split('?');
  const templates = Object.keys(openapi['paths'] ?? {});
  const template = templates.find((one) =>
    new RegExp(`^${one.replaceAll('.', '\\.').replaceAll(/\{\w+\}/g, '[^/]+')}$`).test(pathname),
  );
  const operation = template && openapi['paths']?.[template]?.[method.toLowerCase()];
  if (!template || !operation) return undefined;
  return { pointer: `/paths/${pointerStep(template)}/${method.toLowerCase()}`, operation };
}

function documentedResponse({ pointer, operation }: Operation, status: number) {
  const response = operation['responses']?.[status];
  const reference = response?.['$ref'] as string | undefined;
  if (reference === undefined) return { pointer: `${pointer}/responses/${status}`, response };
  const name = reference.replace('#/components/responses/', '');
  return { pointer: reference.slice(1), response: openapi['components']?.['responses']?.[name] };
}

function problemsOf(ajv: Ajv | Ajv2020, schema: object, value: unknown): string[] {
  const validate = ajv.compile(schema);
  if (validate(value)) return [];
  return (validate.errors ?? []).map(({ instancePath, message }) => `${instancePath} ${message ?? ''}`);
}

/** A producer writes nothing that its contract does not name, although readers would ignore it. */
function closed(schema: Json): object {
  return { ...schema, additionalProperties: false };
}

/** https://www.rfc-editor.org/rfc/rfc6901#section-6 */
function pointerStep(text: string): string {
  return encodeURIComponent(text.replaceAll('~', '~0').replaceAll('/', '~1'));
}
