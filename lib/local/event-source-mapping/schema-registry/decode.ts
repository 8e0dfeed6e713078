import { messageOf } from '../errors.ts';
import type { DataFormat } from './registry-client.ts';
import type { SchemaRegistry } from './schema-registry.ts';
import { readPrefix } from './wire-format.ts';

/** A decoded key or value. */
export interface Decoded {
  readonly dataFormat: DataFormat;
  readonly schemaId: number;
  readonly json: Buffer;
  /** The bytes after the schema id. */
  readonly payload: Buffer;
}

/** Why a record cannot be decoded: AWS's condition, and a reason for the log. */
export interface Undecodable {
  readonly condition: 'SCHEMA_NOT_FOUND' | 'DESERIALIZATION_ERROR';
  readonly reason: string;
}

/** The id of the schema that a key or value needs; undefined when it names none. */
export function schemaIdOf(bytes: Buffer | null): number | undefined {
  return bytes === null ? undefined : readPrefix(bytes)?.schemaId;
}

/**
 * Decodes a key or value whose schema has been loaded.
 * @param name `key` or `value`, for the reason
 */
export function decode(registry: SchemaRegistry, bytes: Buffer, name: string): Decoded | Undecodable {
  const serialized = readPrefix(bytes);
  if (!serialized)
    return misfit(`the ${name} carries no schema id: it was not written with a schema registry`);
  const { schemaId, payload } = serialized;
  const schema = registry.find(schemaId);
  if (!schema || schema.type === 'unknown') {
    return {
      condition: 'SCHEMA_NOT_FOUND',
      reason: `the registry has no schema ${schemaId}, which the ${name} names`,
    };
  }
  if (schema.type === 'unreadable') {
    return misfit(`schema ${schemaId} of the ${name} cannot be used: ${schema.reason}`);
  }
  try {
    const json = Buffer.from(schema.toJson(payload));
    return { dataFormat: schema.dataFormat, schemaId, json, payload };
  } catch (error) {
    return misfit(`the ${name} does not fit schema ${schemaId}: ${messageOf(error)}`);
  }
}

/** Whether decoding failed. */
export function isUndecodable(result: object | undefined): result is Undecodable {
  return result !== undefined && 'condition' in result;
}

function misfit(reason: string): Undecodable {
  return { condition: 'DESERIALIZATION_ERROR', reason };
}
