import type { Ajv, AnySchemaObject, Options } from 'ajv';
import type { ToJson } from './decoder.ts';
import type { RegisteredSchema } from './registry-client.ts';

/**
 * Validates JSON against its JSON Schema (draft-04, draft-06, draft-07, 2019-09 or 2020-12) and returns it
 * unchanged.
 * @throws Error when the schema is of draft-03, or not a JSON Schema
 */
export async function createJsonSchemaDecoder({ text, references }: RegisteredSchema): Promise<ToJson> {
  const schema = JSON.parse(text) as AnySchemaObject;
  // Registries contain schemas from many libraries, with their own keywords and formats.
  const ajv = await createAjv(schema.$schema, {
    strict: false,
    validateFormats: false,
    logger: false,
  });
  for (const reference of references) {
    ajv.addSchema(JSON.parse(reference.text) as AnySchemaObject, reference.name);
  }
  const isValid = ajv.compile(schema);
  return (payload) => {
    const json = payload.toString();
    if (isValid(JSON.parse(json))) return json;
    throw new Error(ajv.errorsText(isValid.errors, { dataVar: '' }));
  };
}

/** Each draft has its own validator. */
async function createAjv(
  draft = '',
  options: Options,
): Promise<Pick<Ajv, 'addSchema' | 'compile' | 'errorsText'>> {
  if (draft.includes('2020-12')) return new (await import('ajv/dist/2020.js')).Ajv2020(options);
  if (draft.includes('2019-09')) return new (await import('ajv/dist/2019.js')).Ajv2019(options);
  // A CommonJS module: its default export is the class, which has itself as `default`.
  if (draft.includes('draft-04')) return new (await import('ajv-draft-04')).default.default(options);
  if (draft.includes('draft-03')) throw new Error(`JSON Schema ${draft} is older than draft-04`);
  const ajv = new (await import('ajv')).Ajv(options);
  if (draft.includes('draft-06')) {
    const draft6 = await import('ajv/dist/refs/json-schema-draft-06.json', { with: { type: 'json' } });
    ajv.addMetaSchema(draft6.default);
  }
  return ajv;
}
