import { createHmac } from 'node:crypto';
import { type Channel, messageIdOf, type Outgoing } from './channel.ts';
import type { PostToAddress } from './post.ts';

interface WebhookSettings {
  readonly post: PostToAddress;
  /** `whsec_` and the key in base64. */
  readonly secret: string;
  readonly now: () => Date;
}

/** https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md#deliverability-and-reliability */
const gone = [410];

/**
 * The notice as signed JSON, for shops that tell their customers themselves; receivers verify it with any library for Standard Webhooks.
 * https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md
 */
export function createWebhookChannel({ post, secret, now }: WebhookSettings): Channel {
  const key = Buffer.from(secret.slice('whsec_'.length), 'base64');
  return {
    async send(outgoing, signal) {
      const id = messageIdOf(outgoing);
      const timestamp = String(Math.floor(now().getTime() / 1000));
      const body = payloadOf(outgoing);
      const signature = createHmac('sha256', key).update(`${id}.${timestamp}.${body}`).digest('base64');
      const headers = {
        'content-type': 'application/json',
        'webhook-id': id,
        'webhook-timestamp': timestamp,
        'webhook-signature': `v1,${signature}`,
      };
      await post(outgoing.address, { body, headers, gone, signal });
      return undefined;
    },
  };
}

/** The same bytes at every attempt. */
function payloadOf({ notice: { kind, at, ...data } }: Outgoing): string {
  return JSON.stringify({ type: `order.${kind}`, timestamp: at, data });
}
