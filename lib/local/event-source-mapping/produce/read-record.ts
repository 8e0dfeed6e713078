import { readFileSync } from 'node:fs';
import type { Message } from 'kafkajs';
import { EventSourceMappingError, messageOf } from '../errors.ts';

/** The options of `serverless kafka produce`, as the framework parses them. */
export interface ProduceOptions {
  readonly key?: string;
  readonly value?: string;
  /** A file whose bytes are the value; `-` for standard input. */
  readonly file?: string;
  /** Each is `name=value`. */
  readonly header?: readonly string[];
}

const standardInput = 0;

/**
 * Builds the record that the options describe. @throws EventSourceMappingError `INVALID_RECORD` when they do
 * not describe one
 */
export function readRecord({ key, value, file, header = [] }: ProduceOptions): Message {
  if ((value === undefined) === (file === undefined)) {
    throw invalid('Give the value of the record either as --value TEXT or as --file PATH.');
  }
  return {
    key: key ?? null,
    value: file === undefined ? (value ?? null) : contentOf(file),
    headers: headersOf(header),
  };
}

function contentOf(file: string): Buffer {
  try {
    return readFileSync(file === '-' ? standardInput : file);
  } catch (cause) {
    throw invalid(`The value cannot be read from --file ${file}: ${messageOf(cause)}.`, cause);
  }
}

/** A repeated name keeps all its values. */
function headersOf(header: readonly string[]): Record<string, string[]> {
  // Without a prototype: a header may be called `constructor`.
  const headers = Object.create(null) as Record<string, string[]>;
  for (const text of header) {
    const [name = '', ...rest] = text.split('=');
    if (name === '' || rest.length === 0) {
      throw invalid(`--header ${text} is not a name and a value: write --header name=value.`);
    }
    (headers[name] ??= []).push(rest.join('='));
  }
  return headers;
}

function invalid(message: string, cause?: unknown): EventSourceMappingError {
  return new EventSourceMappingError('INVALID_RECORD', message, { cause });
}
