import webPush from 'web-push';
import { messageFor } from '../message.ts';
import { type Channel, messageIdOf, type Outgoing } from './channel.ts';
import type { PostToAddress } from './post.ts';

/** The keys that sign push notifications (RFC 8292). */
export interface VapidSettings {
  readonly publicKey: string;
  /** @throws SecretUnavailableError */
  readonly privateKey: () => Promise<string>;
  /** Whom a push service may ask about us: a `mailto:` or `https:` URL. */
  readonly subject: string;
}

interface Dependencies {
  readonly post: PostToAddress;
  readonly vapid: VapidSettings;
}

/**
 * 404 says that the subscription has expired (https://www.rfc-editor.org/rfc/rfc8030#section-7.3); some
 * services say 410.
 */
const gone = [404, 410];

/** How long a push service keeps a message for a browser that is offline, in seconds: a day. */
const timeToLive = 86_400;

/**
 * A notification in the customer's browser (RFC 8030, encrypted by RFC 8291, signed by RFC 8292). The address
 * is the subscription as JSON.
 */
export function createWebPushChannel({ post, vapid }: Dependencies): Channel {
  return {
    async send(outgoing, signal) {
      const subscription = JSON.parse(outgoing.address) as webPush.PushSubscription;
      const vapidDetails = { ...vapid, privateKey: await vapid.privateKey() };
      const { endpoint, headers, body } = webPush.generateRequestDetails(subscription, payloadOf(outgoing), {
        vapidDetails,
        TTL: timeToLive,
        topic: topicOf(outgoing),
      });
      const { location } = await post(endpoint, { body, headers: withoutLength(headers), gone, signal });
      return location;
    },
  };
}

/** What the service worker passes to `showNotification`; the tag makes a second copy replace the first. */
function payloadOf(outgoing: Outgoing): string {
  const { orderId, kind, notice, language } = outgoing;
  const { subject: title, brief: body } = messageFor(notice, language);
  return JSON.stringify({ title, body, lang: language, tag: messageIdOf(outgoing), data: { orderId, kind } });
}

/**
 * A push service drops an older message of the same topic; at most 32 characters:
 * https://www.rfc-editor.org/rfc/rfc8030#section-5.4
 */
function topicOf({ orderId, kind }: Outgoing): string {
  return `order-${orderId}-${kind}`;
}

/** Without the length, which is set where it is posted. */
function withoutLength(headers: webPush.Headers): Record<string, string> {
  return Object.fromEntries(Object.entries(headers).filter(([name]) => name !== 'Content-Length'));
}
