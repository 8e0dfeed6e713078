import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { StoredSchema } from './stand-in-registry.ts';

/**
 * The schemas and records of an independent serializer; see `serializers/capture.ts` for how they were
 * captured.
 */
export interface CapturedRecords {
  readonly serializer: string;
  readonly schemas: readonly StoredSchema[];
  readonly records: readonly CapturedRecord[];
}

export interface CapturedRecord {
  readonly name: string;
  /** Base64 of the key or value as it is on the topic. */
  readonly bytes: string;
  /** JSON of the same data, by the serializer's own libraries. */
  readonly json: string;
}

const folder = join(import.meta.dirname, 'serializers');

/** The records of each serializer. */
export function capturedRecords(): CapturedRecords[] {
  return ['confluent-kafka-python.json', 'confluent-schemaregistry-js.json'].map(
    (file) => JSON.parse(readFileSync(join(folder, file), 'utf8')) as CapturedRecords,
  );
}

/**
 * The same schemas with Protobuf as the text of .proto files, as Confluent's registry returns it by default.
 */
export function withProtobufSources({ schemas, ...captured }: CapturedRecords): CapturedRecords {
  const sources = schemas.map((stored) =>
    stored.schemaType === 'PROTOBUF' ? { ...stored, schema: protobufSource(stored.subject) } : stored,
  );
  return { ...captured, schemas: sources };
}

function protobufSource(subject: string): string {
  const file = subject === 'customer.proto' ? subject : 'orders.proto';
  return readFileSync(join(folder, file), 'utf8');
}
