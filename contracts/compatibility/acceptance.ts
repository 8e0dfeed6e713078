import { Ajv2020 } from 'ajv/dist/2020.js';
import type { JsonSchema } from '../json-schema.ts';

const ajv = new Ajv2020({ strict: false, validateFormats: false });

/**
 * What a writer may write that a reader does not accept; empty when the reader accepts all of it. The
 * writer's schema counts as closed: it writes no field that its schema does not name. The reader's counts as
 * open: it ignores fields it does not know. Left open, a writer could write anything under the name of an
 * optional field that only the reader has. References must have been resolved.
 */
export function unacceptable(writer: JsonSchema, reader: JsonSchema, pointer = ''): string[] {
  const written = alternativesOf(writer);
  if (written.length > 1) return written.flatMap((alternative) => unacceptable(alternative, reader, pointer));
  const [only = writer] = written;
  const readable = alternativesOf(reader).map((alternative) => unacceptableByOne(only, alternative, pointer));
  return readable.some((reasons) => reasons.length === 0) ? [] : (readable[0] ?? []);
}

function unacceptableByOne(writer: JsonSchema, reader: JsonSchema, pointer: string): string[] {
  const values = valuesOf(writer);
  if (values) return unacceptableValues(values, reader, pointer);
  if (valuesOf(reader)) return [`${at(pointer)} may be a value that is not listed`];
  const types = unacceptableTypes(writer, reader, pointer);
  if (types.length > 0) return types;
  return [
    ...limits.flatMap((limit) => limit(writer, reader, pointer)),
    ...unacceptableFields(writer, reader, pointer),
    ...unacceptableItems(writer, reader, pointer),
  ];
}

function at(pointer: string): string {
  return pointer === '' ? 'the value' : pointer;
}

/** `allOf` merged, `anyOf` taken apart. */
function alternativesOf(schema: JsonSchema): readonly JsonSchema[] {
  const { allOf, anyOf, ...rest } = schema as { allOf?: JsonSchema[]; anyOf?: JsonSchema[] };
  const whole = (allOf ?? []).reduce<JsonSchema>(merged, rest);
  return anyOf ? anyOf.map((alternative) => merged(whole, alternative)) : [whole];
}

function merged(one: JsonSchema, other: JsonSchema): JsonSchema {
  return {
    ...one,
    ...other,
    ...(one['properties'] || other['properties']
      ? { properties: { ...fieldsOf(one), ...fieldsOf(other) } }
      : {}),
    required: [...requiredIn(one), ...requiredIn(other)],
  };
}

function fieldsOf(schema: JsonSchema): Readonly<Record<string, JsonSchema>> {
  return (schema['properties'] ?? {}) as Record<string, JsonSchema>;
}

function requiredIn(schema: JsonSchema): readonly string[] {
  return (schema['required'] ?? []) as string[];
}

function valuesOf(schema: JsonSchema): readonly unknown[] | undefined {
  return 'const' in schema ? [schema['const']] : (schema['enum'] as unknown[] | undefined);
}

function unacceptableValues(values: readonly unknown[], reader: JsonSchema, pointer: string): string[] {
  const refused = values.filter((value) => !ajv.validate(reader, value));
  return refused.map((value) => `${at(pointer)} may be ${JSON.stringify(value)}`);
}

function unacceptableTypes(writer: JsonSchema, reader: JsonSchema, pointer: string): string[] {
  const read = typesOf(reader);
  if (read.length === 0) return [];
  const isRead = (type: string) => read.includes(type) || (type === 'integer' && read.includes('number'));
  const written = typesOf(writer);
  if (written.length === 0) return [`${at(pointer)} may be of any type`];
  return written.filter((type) => !isRead(type)).map((type) => `${at(pointer)} may be of type ${type}`);
}

function typesOf({ type }: JsonSchema): readonly string[] {
  return type === undefined ? [] : ([type].flat() as string[]);
}

type Limit = (writer: JsonSchema, reader: JsonSchema, pointer: string) => string[];

/** The reader's limit holds if the writer has one that is at least as narrow. */
function limit(keyword: string, isWithin: (written: number, read: number) => boolean): Limit {
  return (writer, reader, pointer) => {
    const read = reader[keyword];
    const written = writer[keyword];
    if (typeof read !== 'number' || (typeof written === 'number' && isWithin(written, read))) return [];
    return [`${at(pointer)} may pass the ${keyword} of ${read}`];
  };
}

/** Two texts of a rule that differ are not compared further. */
function sameText(keyword: string): Limit {
  return (writer, reader, pointer) => {
    if (reader[keyword] === undefined || reader[keyword] === writer[keyword]) return [];
    return [`${at(pointer)} may not have the ${keyword} ${JSON.stringify(reader[keyword])}`];
  };
}

const limits: readonly Limit[] = [
  ...['minimum', 'minLength', 'minItems'].map((keyword) =>
    limit(keyword, (written, read) => written >= read),
  ),
  ...['maximum', 'maxLength', 'maxItems'].map((keyword) =>
    limit(keyword, (written, read) => written <= read),
  ),
  ...['pattern', 'format'].map(sameText),
];

function unacceptableFields(writer: JsonSchema, reader: JsonSchema, pointer: string): string[] {
  const written = fieldsOf(writer);
  const certain = new Set(requiredIn(writer));
  const missing = requiredIn(reader)
    .filter((name) => !certain.has(name))
    .map((name) => `${pointer}/${name} ${name in written ? 'may be' : 'is'} missing`);
  const wrong = Object.entries(fieldsOf(reader)).flatMap(([name, schema]) => {
    const field = written[name];
    return field ? unacceptable(field, schema, `${pointer}/${name}`) : [];
  });
  return [...missing, ...wrong];
}

function unacceptableItems(writer: JsonSchema, reader: JsonSchema, pointer: string): string[] {
  const read = reader['items'] as JsonSchema | undefined;
  if (!read) return [];
  return unacceptable((writer['items'] ?? {}) as JsonSchema, read, `${pointer}/*`);
}
