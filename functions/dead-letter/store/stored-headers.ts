import type { Header } from '../../../lib/kafka/records.ts';

/** A header as the database keeps it: its value in base64, since JSON holds no bytes. */
export interface StoredHeader {
  readonly name: string;
  readonly value: string;
}

/** Headers as JSON text, in their order. */
export function toStoredHeaders(headers: readonly Header[]): string {
  return JSON.stringify(headers.map(({ name, value }) => ({ name, value: value.toString('base64') })));
}

/** A row with the bytes of its headers restored. */
export function withHeaderBytes<Row extends { readonly headers: readonly StoredHeader[] }>({
  headers,
  ...row
}: Row) {
  return {
    ...row,
    headers: headers.map(({ name, value }) => ({ name, value: Buffer.from(value, 'base64') })),
  };
}
