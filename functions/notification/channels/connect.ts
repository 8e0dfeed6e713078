import { setting } from '../../../lib/config.ts';
import { loopbackAllowed } from '../loopback-allowed.ts';
import type { Channel, Channels } from './channel.ts';
import type { PostToAddress } from './post.ts';

/** Sends made at once, at most: in all, and to one host of customers' own addresses. */
export const sendsAtOnce = 40;
export const sendsAtOncePerHost = 5;

/** The channels that are set up here; the code of each is loaded when it first has something to send. @throws ConfigurationError */
export function connectChannels(): Channels {
  return { ...email(), ...sms(), ...push(), ...webhook() };
}

function email(): Channels {
  const url = setting('SMTP_URL');
  const from = setting('MAIL_FROM');
  if (from === undefined) return {};
  if (url === undefined)
    return { email: once(async () => (await import('./ses.ts')).createSesChannel({ from })) };
  const smtp = { url, from, connections: sendsAtOnce, idleMs: 10_000 };
  return { email: once(async () => (await import('./smtp.ts')).createSmtpChannel(smtp)) };
}

function sms(): Channels {
  const region = setting('SMS_REGION');
  if (region === undefined) return {};
  return { sms: once(async () => (await import('./sns.ts')).createSnsChannel({ region })) };
}

function push(): Channels {
  const publicKey = setting('VAPID_PUBLIC_KEY');
  const privateKey = setting('VAPID_PRIVATE_KEY');
  const subject = setting('VAPID_SUBJECT');
  if (publicKey === undefined || privateKey === undefined || subject === undefined) return {};
  const vapid = { publicKey, privateKey, subject };
  return {
    push: once(async () => {
      const [{ createWebPushChannel }, post] = await Promise.all([import('./web-push.ts'), connectPost()]);
      return createWebPushChannel({ post, ...vapid });
    }),
  };
}

function webhook(): Channels {
  const secret = setting('WEBHOOK_SECRET');
  if (secret === undefined) return {};
  const signing = { secret, now: () => new Date() };
  return {
    webhook: once(async () => {
      const [{ createWebhookChannel }, post] = await Promise.all([import('./webhook.ts'), connectPost()]);
      return createWebhookChannel({ post, ...signing });
    }),
  };
}

async function connectPost(): Promise<PostToAddress> {
  const [{ createPostToAddress }, { resolveName }] = await Promise.all([
    import('./post.ts'),
    import('./resolve.ts'),
  ]);
  return createPostToAddress({ resolve: resolveName, allowLoopback: loopbackAllowed() });
}

function once(load: () => Promise<Channel>): () => Promise<Channel> {
  let loading: Promise<Channel> | undefined;
  return () => (loading ??= load());
}
