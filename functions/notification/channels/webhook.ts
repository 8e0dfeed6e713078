import { NotificationDeferredError } from '../errors.ts';
import { signatureBy } from '../webhook-secret.ts';
import { type Channel, messageIdOf, type Outgoing } from './channel.ts';
import type { PostToAddress } from './post.ts';

interface WebhookSettings {
  readonly post: PostToAddress;
  readonly now: () => Date;
}

/**
 * https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md#deliverability-and-reliability
 */
const gone = [410];

/**
 * The notice as signed JSON, for shops that notify their customers themselves; receivers verify it with any
 * library for Standard Webhooks.
 * https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md
 */
export function createWebhookChannel({ post, now }: WebhookSettings): Channel {
  return {
    async send(outgoing, signal) {
      if (outgoing.secrets.length === 0) throw new NotificationDeferredError('The webhook has no secret.');
      const id = messageIdOf(outgoing);
      const timestamp = String(Math.floor(now().getTime() / 1000));
      const body = payloadOf(outgoing);
      const headers = {
        'content-type': 'application/json',
        'webhook-id': id,
        'webhook-timestamp': timestamp,
        'webhook-signature': signatureBy(outgoing.secrets, `${id}.${timestamp}.${body}`),
      };
      await post(outgoing.address, { body, headers, gone, signal });
      return undefined;
    },
  };
}

/** The same bytes on every attempt. */
function payloadOf({ notice: { kind, at, ...data } }: Outgoing): string {
  return JSON.stringify({ type: `order.${kind}`, timestamp: at, data });
}
