import { createHmac, randomBytes } from 'node:crypto';

const prefix = 'whsec_';

/**
 * A secret of 32 random bytes, written as Standard Webhooks does.
 * https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md#signature-scheme
 */
export function newWebhookSecret(): string {
  return prefix + randomBytes(32).toString('base64');
}

/**
 * The value of `webhook-signature`: one signature per secret, so that a receiver that knows any of them can
 * verify the content.
 */
export function signatureBy(secrets: readonly string[], content: string): string {
  return secrets.map((secret) => `v1,${hmac(secret, content)}`).join(' ');
}

function hmac(secret: string, content: string): string {
  const key = Buffer.from(secret.slice(prefix.length), 'base64');
  return createHmac('sha256', key).update(content).digest('base64');
}
