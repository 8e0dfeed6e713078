import { createTransport } from 'nodemailer';
import type { Secret } from '../../../lib/secrets.ts';
import { onShutdown } from '../../../lib/shutdown.ts';
import { NotificationProviderUnavailableError, NotificationRefusedError } from '../errors.ts';
import { messageFor } from '../message.ts';
import { type Channel, messageIdOf, type Outgoing } from './channel.ts';

interface SmtpSettings {
  /** `smtp://` or `smtps://`, with credentials if the server wants them and `login` has none. */
  readonly url: string;
  /** Holds `username` and `password`; a login that is refused is read again for the next mail. */
  readonly login?: Secret | undefined;
  /** The sender, such as `Shop <orders@shop.example>`. */
  readonly from: string;
  /**
   * The maximum number of connections: as many as concurrent sends, or a send would wait for another's.
   */
  readonly connections: number;
  /** How long connections stay open without a mail, in ms. */
  readonly idleMs: number;
}

/** nodemailer's own limit is 100, which makes every hundredth mail wait for a new connection. */
const mailsPerConnection = 1_000;

/**
 * E-mail by SMTP. Connections stay open for the next mail: opening one takes 100 ms with a server that checks
 * for early talkers.
 */
export function createSmtpChannel(settings: SmtpSettings): Channel {
  const pool = poolWhileUsed(settings);
  return {
    async send(outgoing, signal) {
      try {
        const transport = await pool.take();
        const sent = await transport.sendMail({ ...mailOf(outgoing, settings.from), signal });
        return sent.response;
      } catch (error) {
        if ((error as SmtpFailure).code === 'EAUTH') pool.forgetLogin();
        throw toNotificationError(error);
      } finally {
        pool.giveBack();
      }
    },
  };
}

/**
 * A pool that is closed after being idle for a while, and not used again after a freeze, during which its
 * server has closed the connections.
 */
function poolWhileUsed(settings: SmtpSettings) {
  let pool: ReturnType<typeof openPool> | undefined;
  let underWay = 0;
  let lastUsed = 0;
  let idle: NodeJS.Timeout | undefined;
  const close = (): void => {
    pool?.then((opened) => {
      opened.close();
    }, ignore);
    pool = undefined;
  };
  const open = () => {
    const opened = openPool(settings);
    opened.catch(() => {
      if (pool === opened) pool = undefined;
    });
    return opened;
  };
  onShutdown(() => {
    close();
    return Promise.resolve();
  });
  return {
    /** @throws SecretUnavailableError from the promise; the next caller tries again */
    take() {
      clearTimeout(idle);
      if (underWay === 0 && Date.now() - lastUsed > settings.idleMs) close();
      underWay += 1;
      return (pool ??= open());
    },
    forgetLogin() {
      settings.login?.forget();
      close();
    },
    giveBack() {
      underWay -= 1;
      lastUsed = Date.now();
      if (underWay === 0) idle = setTimeout(close, settings.idleMs).unref();
    },
  };
}

const ignore = () => undefined;

async function openPool({ url, login, connections }: SmtpSettings) {
  const { username: user, password: pass } = login ? await login.read() : {};
  return createTransport({
    url,
    ...(login && { auth: { user, pass } }),
    pool: true,
    maxConnections: connections,
    maxMessages: mailsPerConnection,
    connectionTimeout: 3_000,
    disableFileAccess: true,
    disableUrlAccess: true,
  });
}

/** The address goes in as an object, so that nothing in it is read as a second recipient. */
function mailOf(outgoing: Outgoing, from: string) {
  const { subject, text, html } = messageFor(outgoing.notice, outgoing.language);
  const id = messageIdOf(outgoing);
  const domain = /@([^@\s>]+)>?\s*$/.exec(from)?.[1] ?? 'openorder.invalid';
  return {
    from,
    to: { name: '', address: outgoing.address },
    subject,
    text,
    html,
    messageId: `<${id}@${domain}>`,
    // RFC 3834: no out-of-office answers, please.
    headers: { 'Auto-Submitted': 'auto-generated', 'X-Notification-Id': id },
  };
}

interface SmtpFailure {
  readonly code?: string;
  readonly originalCode?: string;
  readonly responseCode?: number;
}

/** Names of nodemailer and of the socket for a server that cannot be reached, whoever the recipient is. */
const serverDown = new Set([
  'EDNS',
  'ETLS',
  'EAUTH',
  'ENOAUTH',
  'EPROTOCOL',
  'ETIMEDOUT',
  'ECONNREFUSED',
  'EHOSTUNREACH',
  'ENETUNREACH',
]);

/**
 * https://www.rfc-editor.org/rfc/rfc5321#section-4.2.1: 5yz is permanent, 4yz transient; 421 means that the
 * server is shutting down.
 */
function toNotificationError(cause: unknown): unknown {
  const { code = '', originalCode = '', responseCode = 0 } = cause as SmtpFailure;
  if (serverDown.has(code) || serverDown.has(originalCode) || responseCode === 421) {
    return new NotificationProviderUnavailableError('The mail server cannot be reached; check SMTP_URL.', {
      cause,
    });
  }
  if (responseCode < 500) return cause;
  return new NotificationRefusedError(`The mail server refused the mail (${responseCode}).`, { cause });
}
