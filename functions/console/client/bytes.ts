import type { Bytes } from './model.ts';

/** Bytes as text, or in base64 when they are not text. */
export function textOf(bytes: Bytes | null): string {
  return bytes?.text ?? bytes?.base64 ?? '';
}

/** JSON on several lines; anything else unchanged. */
export function indented(text: string): string {
  try {
    return JSON.stringify(JSON.parse(text), null, 2);
  } catch {
    return text;
  }
}

/** A hex dump: the offset, 16 bytes, and those that are printable ASCII. */
export function hexDump(bytes: Bytes): string {
  const raw = bytes.base64 === undefined ? new TextEncoder().encode(bytes.text ?? '') : decode(bytes.base64);
  const lines = Array.from({ length: Math.ceil(raw.length / 16) }, (_, line) =>
    hexLine(raw.subarray(line * 16, line * 16 + 16), line * 16),
  );
  return lines.join('\n');
}

function hexLine(bytes: Uint8Array, offset: number): string {
  const hex = [...bytes].map((byte) => byte.toString(16).padStart(2, '0')).join(' ');
  const text = [...bytes].map((byte) => (byte >= 0x20 && byte < 0x7f ? String.fromCharCode(byte) : '.'));
  return `${offset.toString(16).padStart(6, '0')}  ${hex.padEnd(47)}  ${text.join('')}`;
}

function decode(base64: string): Uint8Array {
  return Uint8Array.from(atob(base64), (character) => character.charCodeAt(0));
}
