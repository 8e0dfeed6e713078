declare module 'http_ece' {
  import type { ECDH } from 'node:crypto';

  /** Reads an encrypted content encoding. https://www.rfc-editor.org/rfc/rfc8291 */
  export function decrypt(
    body: Buffer,
    parameters: { version: 'aes128gcm'; privateKey: ECDH; authSecret: string },
  ): Buffer;
}
