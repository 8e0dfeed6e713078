import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { SMTPServer } from 'smtp-server';

/** What an SMTP stub answers to a recipient, or to a mail once it is complete. */
export type SmtpAnswer = 'take' | 'hang' | { readonly code: number };

interface SmtpBehaviour {
  readonly toRecipient?: (address: string) => SmtpAnswer;
  readonly toMail?: (mail: string) => SmtpAnswer;
  /** Whether a login is accepted; without it there is no login. */
  readonly toLogin?: (username: string, password: string) => boolean;
}

/**
 * A real SMTP server on a free port of loopback. Keeps the accepted mails, as received, and counts the
 * connections: all, those open, and the most at once.
 */
export async function startSmtpStub({ toRecipient = take, toMail = take, toLogin }: SmtpBehaviour = {}) {
  const taken: string[] = [];
  const connections = { made: 0, open: 0, most: 0 };
  const server = new SMTPServer({
    authOptional: toLogin === undefined,
    allowInsecureAuth: true,
    onAuth({ username, password }, _session, callback) {
      if (toLogin?.(username ?? '', password ?? '')) callback(null, { user: username ?? '' });
      else callback(new Error('Invalid username or password'));
    },
    disabledCommands: ['STARTTLS'],
    logger: false,
    onConnect(_session, callback) {
      connections.made += 1;
      connections.open += 1;
      connections.most = Math.max(connections.most, connections.open);
      callback();
    },
    onClose() {
      connections.open -= 1;
    },
    onRcptTo({ address }, _session, callback) {
      reply(toRecipient(address), callback);
    },
    onData(stream, _session, callback) {
      void text(stream).then((mail) => {
        const answer = toMail(mail);
        if (answer === 'take') taken.push(mail);
        reply(answer, callback);
      });
    },
  });
  server.on('error', () => undefined);
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  const { port } = server.server.address() as AddressInfo;
  return {
    url: `smtp://127.0.0.1:${port}`,
    taken,
    connections,
    async [Symbol.asyncDispose](): Promise<void> {
      for (const connection of server.connections) connection.close();
      await new Promise<void>((closed) => {
        server.close(closed);
      });
    },
  };
}

const take = (): SmtpAnswer => 'take';

function reply(answer: SmtpAnswer, callback: (error?: Error) => void): void {
  if (answer === 'hang') return;
  if (answer === 'take') callback();
  else callback(Object.assign(new Error('as the test wants it'), { responseCode: answer.code }));
}
