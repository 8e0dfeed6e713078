/**
 * Captures what an independent serializer registers and writes, for the tests that read it:
 *
 *     pip install 'confluent-kafka[avro,json,protobuf,schemaregistry]==2.16.1' grpcio-tools
 *     node testing/serializers/capture.ts confluent-kafka-python.json python capture.py
 *
 *     (cd testing/serializers && npm install) # and protoc on the PATH
 *     node testing/serializers/capture.ts confluent-schemaregistry-js.json node capture.mjs
 *
 * The program gets the registry's URL as its last argument and prints its records as JSON.
 */
import { execFile } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { StandInRegistry } from '../stand-in-registry.ts';

const [file, program, ...args] = process.argv.slice(2);
if (!file || !program) throw new Error('Name the file to write and the program to run.');

const folder = import.meta.dirname;
const registry = new StandInRegistry();
await registry.start();
try {
  const { stdout } = await promisify(execFile)(program, [...args, registry.url], { cwd: folder });
  const { serializer, records } = JSON.parse(stdout) as { serializer: string; records: unknown[] };
  const captured = { serializer, schemas: registry.schemas, records };
  await writeFile(join(folder, file), `${JSON.stringify(captured, null, 2)}\n`);
} finally {
  await registry.stop();
}
