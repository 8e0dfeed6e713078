import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import type { Socket } from 'node:net';
import { startHttpStub } from '../../../test/support/http-stub.ts';
import { noHurry } from '../../../test/support/outgoing.ts';
import {
  NotificationAddressGoneError,
  NotificationDeferredError,
  NotificationRefusedError,
  NotificationUnreachableError,
} from '../errors.ts';
import { createPostToAddress } from './post.ts';

const content = { body: '주문', headers: { 'content-type': 'text/plain' }, gone: [410], signal: noHurry };
const unknownName = () => Promise.reject(new Error('ENOTFOUND'));
const onLaptop = createPostToAddress({ resolve: unknownName, allowLoopback: true });

/** The sockets that are opened while `work` runs. */
async function socketsDuring(work: () => Promise<unknown>): Promise<Socket[]> {
  const sockets: Socket[] = [];
  const listener = (message: unknown) => sockets.push((message as { socket: Socket }).socket);
  subscribe('net.client.socket', listener);
  await work();
  unsubscribe('net.client.socket', listener);
  return sockets;
}

describe('posting to an address', () => {
  it('when it answers 2xx, returns the headers of the response', async () => {
    await using stub = await startHttpStub(() => ({ status: 201, headers: { location: '/1' } }));
    expect(await onLaptop(`${stub.url}/hook`, content)).toMatchObject({ location: '/1' });
    expect(stub.requests).toMatchObject([{ url: '/hook', headers: { 'content-type': 'text/plain' } }]);
    expect(String(stub.requests[0]?.body)).toBe('주문');
  });

  it('when it is named localhost, no name server is asked', async () => {
    await using stub = await startHttpStub(() => ({ status: 204 }));
    await onLaptop(stub.url.replace('127.0.0.1', 'localhost'), content);
    expect(stub.requests).toHaveLength(1);
  });

  it.each([301, 307, 400, 401, 404, 422])('when it answers %d, it refuses permanently', async (status) => {
    await using elsewhere = await startHttpStub(() => ({ status: 200 }));
    await using stub = await startHttpStub(() => ({ status, headers: { location: elsewhere.url } }));
    await expect(onLaptop(stub.url, content)).rejects.toThrow(NotificationRefusedError);
    expect(elsewhere.requests).toEqual([]);
  });

  it('when it answers that it is gone, says so', async () => {
    await using stub = await startHttpStub(() => ({ status: 410 }));
    await expect(onLaptop(stub.url, content)).rejects.toThrow(NotificationAddressGoneError);
  });

  it.each([408, 425, 429, 500, 503])('when it answers %d, it refuses temporarily', async (status) => {
    await using stub = await startHttpStub(() => ({ status }));
    await expect(onLaptop(stub.url, content)).rejects.toThrow(NotificationDeferredError);
  });

  it('when nobody listens, it is unreachable', async () => {
    const stub = await startHttpStub(() => undefined);
    await stub[Symbol.asyncDispose]();
    await expect(onLaptop(stub.url, content)).rejects.toThrow(NotificationUnreachableError);
  });

  it('when it never answers, the signal ends the connection', async () => {
    await using stub = await startHttpStub(() => undefined);
    const [socket] = await socketsDuring(() =>
      expect(onLaptop(stub.url, { ...content, signal: AbortSignal.timeout(50) })).rejects.toThrow(
        NotificationUnreachableError,
      ),
    );
    expect(socket?.destroyed).toBe(true);
  });
});

describe('an address that may lead inside', () => {
  const outside = (...addresses: string[]) =>
    createPostToAddress({ resolve: () => Promise.resolve(addresses), allowLoopback: false });

  it.each([
    ['of this machine', ['127.0.0.1']],
    ['of a private network', ['10.0.0.1']],
    ['of the instance metadata', ['169.254.169.254']],
    ['mapped from IPv4', ['::ffff:10.0.0.1']],
    ['public and private at once', ['2000::1', '10.0.0.1']],
    ['none at all', []],
  ])('when its name resolves to addresses %s, nothing is connected to', async (_what, addresses) => {
    const sockets = await socketsDuring(() =>
      expect(outside(...addresses)('https://shop.example/', content)).rejects.toMatchObject({
        message: 'The address cannot be reached.',
        name: 'NotificationUnreachableError',
      }),
    );
    expect(sockets).toEqual([]);
  });

  it.each([
    'https://10.0.0.1/',
    'https://shop.example:8443/',
    'http://127.0.0.1:9001/',
    'https://localhost./',
  ])('when %s was stored before it was forbidden, nothing is connected to', async (address) => {
    const sockets = await socketsDuring(() =>
      expect(outside('2000::1')(address, content)).rejects.toThrow(NotificationUnreachableError),
    );
    expect(sockets).toEqual([]);
  });

  it('when its name resolves to a public address, exactly that one is connected to', async () => {
    const attempts: string[] = [];
    const giveUp = new AbortController();
    const listener = (message: unknown) =>
      (message as { socket: Socket }).socket.on('connectionAttempt', (ip) => {
        attempts.push(ip);
        giveUp.abort();
      });
    subscribe('net.client.socket', listener);
    // From a range that was never assigned: no packet reaches anyone.
    const posted = outside('2000::1')('https://shop.example/', { ...content, signal: giveUp.signal });
    await expect(posted).rejects.toThrow(NotificationUnreachableError);
    unsubscribe('net.client.socket', listener);
    expect(attempts).toEqual(['2000::1']);
  });
});
