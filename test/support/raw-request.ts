import { request, type IncomingHttpHeaders, type OutgoingHttpHeaders } from 'node:http';
import { connect } from 'node:net';
import { text } from 'node:stream/consumers';

/** The response, with its body as text. */
export interface RawAnswer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

/**
 * Sends a request with any headers, including those reserved for browsers, which `fetch` would not send.
 */
export async function sendRequest(
  url: string,
  {
    method = 'GET',
    headers = {},
    body = '',
  }: { method?: string; headers?: OutgoingHttpHeaders; body?: string } = {},
): Promise<RawAnswer> {
  const sent = request(url, { method, headers: { ...headers, connection: 'close' } });
  const answered = new Promise<RawAnswer>((resolve, reject) => {
    sent.on('error', reject);
    sent.on('response', (response) => {
      const { statusCode = 0, headers: received } = response;
      text(response).then((content) => {
        resolve({ status: statusCode, headers: received, body: content });
      }, reject);
    });
  });
  sent.end(body);
  return answered;
}

/**
 * Sends bytes that no client would, as a request with `Connection: close`, and returns everything received.
 */
export async function sendBytes(url: string, bytes: string): Promise<string> {
  const { hostname, port } = new URL(url);
  const socket = connect({ host: hostname, port: Number(port) });
  socket.write(bytes);
  return text(socket);
}
