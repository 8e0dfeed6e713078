import type { Namespace, NamespaceBase, Root, Type } from 'protobufjs';
import type { ToJson } from './decoder.ts';
import type { ReferencedSchema, RegisteredSchema } from './registry-client.ts';
import { readMessageIndexes } from './wire-format.ts';

type Libraries = Awaited<ReturnType<typeof loadProtobuf>>;

/** The schema's own file comes first: message indexes count its messages, and files may share a package. */
type Files = readonly [ReferencedSchema, ...ReferencedSchema[]];

/**
 * Decodes a Protobuf message to JSON by Protobuf's own mapping: https://protobuf.dev/programming-guides/json
 * @throws Error when the schema is neither the text of a .proto file nor a descriptor of one
 */
export async function createProtobufDecoder({ text, references }: RegisteredSchema): Promise<ToJson> {
  const libraries = await loadProtobuf();
  const files: Files = [{ name: '', text }, ...references];
  const { root, packageName } = isDescriptor(text)
    ? readDescriptors(libraries, files)
    : readSources(libraries, files);
  const messages = root.lookup(packageName) as Namespace;
  return (payload) => {
    const { indexes, message } = readMessageIndexes(payload);
    const type = messageAt(libraries, messages, indexes);
    return libraries.protojson.toJsonString(type, type.decode(message));
  };
}

/** CommonJS, so everything is on its default export. */
async function loadProtobuf() {
  const [{ default: protobuf }, { default: descriptor }, { default: protojson }] = await Promise.all([
    import('protobufjs'),
    import('protobufjs/ext/descriptor.js'),
    import('protobufjs/ext/protojson.js'),
  ]);
  return { protobuf, descriptor, protojson };
}

interface ParsedFiles {
  readonly root: Root;
  readonly packageName: string;
}

/** Confluent's clients other than Java's register a FileDescriptorProto in base64. */
function isDescriptor(text: string): boolean {
  return /^[A-Za-z0-9+/\s]+=*\s*$/.test(text);
}

function readSources({ protobuf }: Libraries, files: Files): ParsedFiles {
  const root = new protobuf.Root();
  const parsed = files.map(({ text }) => protobuf.parse(text, root));
  const imports = parsed.flatMap((file) => [...(file.imports ?? []), ...(file.weakImports ?? [])]);
  for (const name of new Set(imports)) {
    const nested = wellKnown(protobuf, name);
    if (nested && !files.some((file) => file.name === name)) root.addJSON(nested);
  }
  root.resolveAll();
  return { root, packageName: parsed[0]?.package ?? '' };
}

function readDescriptors({ protobuf, descriptor }: Libraries, files: Files): ParsedFiles {
  const own = files.map(({ text }) => descriptor.FileDescriptorProto.decode(Buffer.from(text, 'base64')));
  const names = own.flatMap((file) => (file as unknown as { dependency: string[] }).dependency);
  const wellKnownFiles = [...new Set(names)].flatMap((name) => {
    const nested = wellKnown(protobuf, name);
    if (!nested || files.some((file) => file.name === name)) return [];
    const set = protobuf.Root.fromJSON({ nested }).toDescriptor('proto3');
    return (set as unknown as { file: object[] }).file;
  });
  const set = { file: [...own, ...wellKnownFiles] };
  const packageName = (own[0] as unknown as { package?: string }).package ?? '';
  return { root: protobuf.Root.fromDescriptor(set), packageName };
}

/** google/protobuf/timestamp.proto and the like, which every registry knows without a reference. */
function wellKnown(protobuf: Libraries['protobuf'], name: string) {
  return protobuf.common.get(name)?.nested;
}

function messageAt({ protobuf }: Libraries, file: NamespaceBase, indexes: readonly number[]): Type {
  const messagesIn = ({ nestedArray }: NamespaceBase) =>
    nestedArray.filter((nested) => nested instanceof protobuf.Type);
  let messages = messagesIn(file);
  let message: Type | undefined;
  for (const index of indexes) {
    message = messages[index];
    messages = message ? messagesIn(message) : [];
  }
  if (!message) throw new Error(`the schema has no message at ${indexes.join('.')}`);
  return message;
}
