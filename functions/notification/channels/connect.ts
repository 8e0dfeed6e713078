import { setting } from '../../../lib/config.ts';
import { secretOf } from '../../../lib/secrets.ts';
import type { Channel, Channels } from './channel.ts';
import { sendsAtOnce } from './limits.ts';
import { vapidSettings } from './vapid-settings.ts';

/**
 * The channels that are set up here; the code of each is loaded when it first has something to send.
 * @throws ConfigurationError
 */
export function connectChannels(): Channels {
  return { ...email(), ...sms(), ...push(), ...webhook() };
}

function email(): Channels {
  const url = setting('SMTP_URL');
  const from = setting('MAIL_FROM');
  if (from === undefined) return {};
  if (url === undefined)
    return { email: once(async () => (await import('./ses.ts')).createSesChannel({ from })) };
  const secretArn = setting('SMTP_SECRET_ARN');
  const login = secretArn === undefined ? undefined : secretOf(secretArn);
  const smtp = { url, from, login, connections: sendsAtOnce, idleMs: 10_000 };
  return { email: once(async () => (await import('./smtp.ts')).createSmtpChannel(smtp)) };
}

function sms(): Channels {
  const region = setting('SMS_REGION');
  if (region === undefined) return {};
  return { sms: once(async () => (await import('./sns.ts')).createSnsChannel({ region })) };
}

function push(): Channels {
  const vapid = vapidSettings();
  if (!vapid) return {};
  return { push: once(async () => (await import('./connect-addresses.ts')).connectPush(vapid)) };
}

function webhook(): Channels {
  return { webhook: once(async () => (await import('./connect-addresses.ts')).connectWebhook()) };
}

function once(load: () => Promise<Channel>): () => Promise<Channel> {
  let loading: Promise<Channel> | undefined;
  return () => (loading ??= load());
}
