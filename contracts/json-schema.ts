import { type ConversionConfig, toJsonSchema } from '@valibot/to-json-schema';
import type { GenericSchema } from 'valibot';

/** A JSON Schema, as far as the documents look into one. */
export interface JsonSchema {
  readonly [keyword: string]: unknown;
}

type Target = NonNullable<ConversionConfig['target']>;

/**
 * What a schema accepts, as JSON Schema. Rules written in code (`check`) cannot be expressed and are left
 * out.
 */
export function jsonSchemaOf(schema: GenericSchema, target: Target = 'draft-2020-12'): JsonSchema {
  const converted = toJsonSchema(schema, { target, typeMode: 'input', errorMode: 'ignore' });
  return Object.fromEntries(Object.entries(converted).filter(([keyword]) => keyword !== '$schema'));
}

/** The schema of a query: an object of parameters. */
export type QuerySchema = GenericSchema & { readonly entries: Readonly<Record<string, GenericSchema>> };

/** What valibot's schemas hold besides their public interface. */
interface Inside {
  readonly type: string;
  readonly wrapped?: GenericSchema;
  readonly default?: unknown;
  readonly pipe?: readonly Inside[];
  readonly requirement?: unknown;
}

/**
 * What a query parameter accepts. Numbers, which arrive as text, are described as integers with their limits:
 * of a pipe that goes from text to number the converter would see the text alone.
 */
export function textSchemaOf(schema: GenericSchema): { isRequired: boolean; schema: JsonSchema } {
  const { type, wrapped, default: usual } = schema as unknown as Inside;
  if (!wrapped) return { isRequired: true, schema: integerIn(schema) ?? jsonSchemaOf(schema) };
  const inner = textSchemaOf(wrapped).schema;
  const isNumber = inner['type'] === 'integer';
  const withDefault = { ...inner, default: isNumber ? Number(usual) : usual };
  return { isRequired: !type.includes('optional'), schema: usual === undefined ? inner : withDefault };
}

function integerIn(schema: GenericSchema): JsonSchema | undefined {
  const steps = (schema as unknown as Inside).pipe ?? [];
  const limit = (type: string) => steps.find((step) => step.type === type)?.requirement;
  const minimum = limit('min_value');
  return minimum === undefined ? undefined : { type: 'integer', minimum, maximum: limit('max_value') };
}
