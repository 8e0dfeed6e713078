import { loopbackAllowed } from '../loopback-allowed.ts';
import type { Channel, Channels } from './channel.ts';
import { createPostToAddress } from './post.ts';
import { resolveName } from './resolve.ts';
import { vapidSettings } from './vapid-settings.ts';
import { createWebPushChannel, type VapidSettings } from './web-push.ts';
import { createWebhookChannel } from './webhook.ts';

/** The channels to customers' own addresses that are set up here. @throws ConfigurationError */
export function connectAddressChannels(): Channels {
  const vapid = vapidSettings();
  const webhook = connectWebhook();
  const push = vapid && connectPush(vapid);
  return { webhook: () => Promise.resolve(webhook), ...(push && { push: () => Promise.resolve(push) }) };
}

/** The channel that posts to a customer's own server. */
export function connectWebhook(): Channel {
  return createWebhookChannel({ post: connectPost(), now: () => new Date() });
}

/** The channel to a customer's browser. @param vapid the keys that sign */
export function connectPush(vapid: VapidSettings): Channel {
  return createWebPushChannel({ post: connectPost(), vapid });
}

function connectPost() {
  return createPostToAddress({ resolve: resolveName, allowLoopback: loopbackAllowed() });
}
