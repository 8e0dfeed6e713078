import type { Schema } from 'avsc';
import type { ToJson } from './decoder.ts';
import { numberAsJson, shortestFloat } from './json-number.ts';
import type { RegisteredSchema } from './registry-client.ts';

/**
 * Decodes Avro's binary encoding to plain JSON: a union's value is written without its branch, bytes become
 * text with one character per byte as in Avro's own JSON encoding, and longs keep all their digits.
 * @throws Error when the text is not an Avro schema
 */
export async function createAvroDecoder({ text, references }: RegisteredSchema): Promise<ToJson> {
  const { default: avro } = await import('avsc');
  const options = { wrapUnions: true, registry: { long: avro.types.LongType.__with(bigIntLong) } };
  for (const reference of references) avro.Type.forSchema(JSON.parse(reference.text) as Schema, options);
  const type = avro.Type.forSchema(JSON.parse(text) as Schema, options);
  return (payload) => JSON.stringify(toPlain(type as unknown as AvroType, type.fromBuffer(payload)));
}

/** By default avsc refuses longs beyond 2^53. */
const bigIntLong = {
  fromBuffer: (bytes: Buffer) => bytes.readBigInt64LE(),
  toBuffer: (value: bigint) => {
    const bytes = Buffer.alloc(8);
    bytes.writeBigInt64LE(value);
    return bytes;
  },
  fromJSON: BigInt,
  toJSON: Number,
  isValid: (value: unknown) => typeof value === 'bigint' || Number.isInteger(value),
  compare: (a: bigint, b: bigint) => Number(a > b) - Number(a < b),
};

/** The common part of avsc's types, each with the fields of its kind. */
interface AvroType {
  readonly typeName: string;
  readonly name: string | undefined;
  /** Of a record. */
  readonly fields: readonly { readonly name: string; readonly type: AvroType }[];
  /** Of an array. */
  readonly itemsType: AvroType;
  /** Of a map. */
  readonly valuesType: AvroType;
  /** The branches of a union. */
  readonly types: readonly AvroType[];
}

/** A union's value keyed by its branch's name, as avsc returns it. */
interface Branch {
  unwrap(): unknown;
}

/** Conversions to plain values by kind of type; values of all other kinds are plain already. */
const conversions: Partial<Record<string, (type: AvroType, value: never) => unknown>> = {
  record: recordToPlain,
  error: recordToPlain,
  array: ({ itemsType }, items: readonly unknown[]) => items.map((item) => toPlain(itemsType, item)),
  map: ({ valuesType }, values: Record<string, unknown>) =>
    Object.fromEntries(Object.entries(values).map(([key, value]) => [key, toPlain(valuesType, value)])),
  'union:wrapped': branchToPlain,
  bytes: (_, value: Buffer) => value.toString('latin1'),
  fixed: (_, value: Buffer) => value.toString('latin1'),
  'abstract:long': (_, value: bigint) => numberAsJson(value),
  float: (_, value: number) => numberAsJson(shortestFloat(value)),
  double: (_, value: number) => numberAsJson(value),
};

function toPlain(type: AvroType, value: unknown): unknown {
  const convert = conversions[type.typeName];
  return convert ? convert(type, value as never) : value;
}

function recordToPlain({ fields }: AvroType, value: Record<string, unknown>): object {
  return Object.fromEntries(fields.map(({ name, type }) => [name, toPlain(type, value[name])]));
}

function branchToPlain({ types }: AvroType, value: Branch | null): unknown {
  if (value === null) return null;
  const [name = ''] = Object.keys(value);
  const branch = types.find((type) => (type.name ?? type.typeName) === name);
  if (!branch) throw new Error(`the union has no branch "${name}"`);
  return toPlain(branch, value.unwrap());
}
