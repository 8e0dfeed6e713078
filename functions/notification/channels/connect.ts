import { setting } from '../../../lib/config.ts';
import type { Channel, Channels } from './channel.ts';

/** Sends made at once, at most. */
export const sendsAtOnce = 40;

/** The channels that are set up here; each one's code is loaded when it first has something to send. @throws ConfigurationError */
export function connectChannels(): Channels {
  return { ...email() };
}

function email(): Channels {
  const url = setting('SMTP_URL');
  const from = setting('MAIL_FROM');
  if (url === undefined || from === undefined) return {};
  return {
    email: once(async () => {
      const { createSmtpChannel } = await import('./smtp.ts');
      return createSmtpChannel({ url, from, connections: sendsAtOnce });
    }),
  };
}

function once(load: () => Promise<Channel>): () => Promise<Channel> {
  let loading: Promise<Channel> | undefined;
  return () => (loading ??= load());
}
