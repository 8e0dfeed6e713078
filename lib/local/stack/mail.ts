import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { buffer } from 'node:stream/consumers';
import { SMTPServer } from 'smtp-server';
import { refusalOf } from './host/foreign-page.ts';
import { forbiddenBody, problemMediaType } from './host/problem-body.ts';
import { Inbox } from './inbox.ts';
import { loopback, requireFreePort } from './ports.ts';

/** A mail server that delivers nothing: it keeps and shows what it receives. */
export interface RunningMail {
  readonly smtpUrl: string;
  /**
   * Where the inbox can be read over HTTP, with Mailpit's `GET /api/v1/messages`, `/api/v1/search` and
   * `/api/v1/message/{ID}`.
   */
  readonly mailUrl: string;
  readonly stop: () => Promise<void>;
}

/**
 * Starts an SMTP server and its inbox in this process, on the loopback interface. They do not keep the
 * process alive.
 * @param trustedOrigins origins of web pages that may read the inbox
 * @throws StackError `PORT_TAKEN`
 */
export async function startMail(
  ports: { readonly smtp: number; readonly mail: number },
  trustedOrigins: readonly string[] = [],
): Promise<RunningMail> {
  await requireFreePort(ports.smtp, 'mail (SMTP)', 'SMTP_PORT');
  await requireFreePort(ports.mail, 'the inbox (HTTP)', 'MAIL_PORT');
  const inbox = new Inbox();
  const smtp = createSmtpServer(inbox);
  const http = createServer((request, response) => {
    const { method = '', url: path = '', headers } = request;
    const refusal = refusalOf({ method, path, headers }, trustedOrigins);
    if (refusal !== undefined) sendJson(response, 403, forbiddenBody(refusal), problemMediaType);
    else
      answer(inbox, request, response).catch((error: unknown) => {
        sendJson(response, 500, { Error: String(error) });
      });
  });
  smtp.listen(ports.smtp, loopback);
  await Promise.all([once(smtp.server, 'listening'), listen(http, ports.mail)]);
  smtp.server.unref();
  http.unref();
  return {
    smtpUrl: `smtp://${loopback}:${ports.smtp}`,
    mailUrl: `http://${loopback}:${ports.mail}`,
    stop: async () => {
      await Promise.all([closeSmtp(smtp), closeHttp(http)]);
    },
  };
}

function createSmtpServer(inbox: Inbox): SMTPServer {
  const server = new SMTPServer({
    disabledCommands: ['STARTTLS', 'AUTH'],
    disableReverseLookup: true,
    closeTimeout: 1000,
    onData: (stream, _session, done) => {
      buffer(stream).then((bytes) => {
        inbox.add(bytes);
        done();
      }, done);
    },
  });
  // A killed client breaks its connection, which is an error event of the server: without a listener it would
  // end this process.
  server.on('error', () => undefined);
  return server;
}

async function answer(inbox: Inbox, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const found = request.method === 'GET' ? await look(inbox, request.url ?? '') : undefined;
  sendJson(
    response,
    found ? 200 : 404,
    found ?? { Error: 'Not found; the list is at GET /api/v1/messages.' },
  );
}

function sendJson(
  response: ServerResponse,
  status: number,
  body: object,
  mediaType = 'application/json',
): void {
  response.writeHead(status, { 'content-type': mediaType });
  response.end(`${JSON.stringify(body, null, 2)}\n`);
}

/** @param target as it was sent, which need not be a URL: `//`, say */
async function look(inbox: Inbox, target: string): Promise<object | undefined> {
  if (!URL.canParse(target, 'http://inbox')) return undefined;
  const { pathname, searchParams } = new URL(target, 'http://inbox');
  const count = (name: string, fallback: number) => Number(searchParams.get(name) ?? fallback) || fallback;
  const page = [count('start', 0), count('limit', 50)] as const;
  if (pathname === '/api/v1/messages') return inbox.list(...page);
  if (pathname === '/api/v1/search') return inbox.search(searchParams.get('query') ?? '', ...page);
  const id = /^\/api\/v1\/message\/([^/]+)$/.exec(pathname)?.[1];
  return id === undefined ? undefined : inbox.find(id);
}

async function listen(server: Server, port: number): Promise<void> {
  server.listen(port, loopback);
  await once(server, 'listening');
}

function closeSmtp(smtp: SMTPServer): Promise<void> {
  return new Promise((resolve) => {
    smtp.close(resolve);
  });
}

function closeHttp(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => {
      resolve();
    });
    server.closeAllConnections();
  });
}
