import { simpleParser } from 'mailparser';
import { SecretUnavailableError } from '../../../lib/errors.ts';
import { type Secret, secretOf } from '../../../lib/secrets.ts';
import { noHurry, outgoing, reservedNotice } from '../../../test/support/outgoing.ts';
import { startSmtpStub } from '../../../test/support/smtp-stub.ts';
import { waitFor } from '../../../test/support/wait.ts';
import { NotificationProviderUnavailableError, NotificationRefusedError } from '../errors.ts';
import { createSmtpChannel } from './smtp.ts';

const channelTo = (url: string, login?: Secret) =>
  createSmtpChannel({ url, login, from: 'Shop <orders@shop.example>', connections: 4, idleMs: 100 });
const mail = outgoing('email', 'user42@example.com');

describe('e-mail by SMTP', () => {
  it('when the server accepts it, it arrives as text and as a page, with an id that is always the same', async () => {
    await using server = await startSmtpStub();
    const providerId = await channelTo(server.url).send(mail, noHurry);
    expect(providerId).toMatch(/^250 /);
    const received = await simpleParser(server.taken[0] ?? '');
    expect(received).toMatchObject({
      from: { text: '"Shop" <orders@shop.example>' },
      to: { text: 'user42@example.com' },
      subject: 'Your order 7 is confirmed',
      messageId: '<order-7-reserved-email@shop.example>',
    });
    expect(received.headers.get('x-notification-id')).toBe('order-7-reserved-email');
    expect(received.text).toContain('ABC-001  × 2');
    expect(received.html).toContain('<b>ABC-001</b>');
  });

  it('when the customer reads Korean, it arrives in Korean', async () => {
    await using server = await startSmtpStub();
    await channelTo(server.url).send({ ...mail, language: 'ko' }, noHurry);
    const received = await simpleParser(server.taken[0] ?? '');
    expect(received).toMatchObject({ subject: '주문 7번이 확정되었습니다' });
    expect(received.text).toContain('확보했습니다');
  });

  it.each([550, 552, 554])('when the server answers %d, it is refused permanently', async (code) => {
    await using server = await startSmtpStub({ toRecipient: () => ({ code }) });
    await expect(channelTo(server.url).send(mail, noHurry)).rejects.toThrow(NotificationRefusedError);
  });

  it.each([450, 451, 452])('when the server answers %d, the failure may be temporary', async (code) => {
    await using server = await startSmtpStub({ toMail: () => ({ code }) });
    const error: unknown = await channelTo(server.url)
      .send(mail, noHurry)
      .catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ responseCode: code });
  });

  it('when the server is shutting down, it is down for everyone', async () => {
    await using server = await startSmtpStub({ toMail: () => ({ code: 421 }) });
    await expect(channelTo(server.url).send(mail, noHurry)).rejects.toThrow(
      NotificationProviderUnavailableError,
    );
  });

  it('when nobody listens, it is down for everyone', async () => {
    const server = await startSmtpStub();
    await server[Symbol.asyncDispose]();
    await expect(channelTo(server.url).send(mail, noHurry)).rejects.toThrow(
      NotificationProviderUnavailableError,
    );
  });

  it('when the server hangs, the signal ends the send and its connection', async () => {
    await using server = await startSmtpStub({ toMail: () => 'hang' });
    await expect(channelTo(server.url).send(mail, AbortSignal.timeout(50))).rejects.toMatchObject({
      name: 'AbortError',
    });
    await waitFor(() => server.connections.open === 0, {
      deadlineMs: 5_000,
      what: 'the end of the connection',
    });
  });

  it('when the login was rotated, the mail server counts as down, and the next mail logs in again', async () => {
    await using server = await startSmtpStub({
      toLogin: (username, password) => username === 'shop' && password === 'new',
    });
    const passwords = ['old', 'new'];
    const text = () => Promise.resolve(JSON.stringify({ username: 'shop', password: passwords.shift() }));
    const channel = channelTo(server.url, secretOf('arn', text));
    await expect(channel.send(mail, noHurry)).rejects.toThrow(NotificationProviderUnavailableError);
    expect(await channel.send(mail, noHurry)).toMatch(/^250 /);
    expect(await channel.send(mail, noHurry)).toMatch(/^250 /);
    expect(server.taken).toHaveLength(2);
  });

  it('when the secret cannot be read, the send says so, and the next one reads it again', async () => {
    await using server = await startSmtpStub({ toLogin: () => true });
    const texts = [
      Promise.reject(new SecretUnavailableError('not now')),
      Promise.resolve('{"username":"shop","password":"new"}'),
    ];
    const channel = channelTo(
      server.url,
      secretOf('arn', () => texts.shift() ?? Promise.resolve('')),
    );
    await expect(channel.send(mail, noHurry)).rejects.toThrow(SecretUnavailableError);
    expect(await channel.send(mail, noHurry)).toMatch(/^250 /);
  });

  it('when mails follow one another, they share a connection, which is closed when no more follow', async () => {
    await using server = await startSmtpStub();
    const channel = channelTo(server.url);
    await channel.send(mail, noHurry);
    await channel.send(mail, noHurry);
    expect(server.connections.made).toBe(1);
    await waitFor(() => server.connections.open === 0, {
      deadlineMs: 5_000,
      what: 'the end of the connection',
    });
  });

  it('when mails keep following one another, the connection stays past the hundredth', async () => {
    await using server = await startSmtpStub();
    const channel = channelTo(server.url);
    for (let sent = 0; sent < 150; sent += 1) await channel.send(mail, noHurry);
    expect(server.taken).toHaveLength(150);
    expect(server.connections.made).toBe(1);
  });

  it('when many are sent at once, they share a few connections, all of which are closed', async () => {
    await using server = await startSmtpStub();
    const channel = channelTo(server.url);
    const mails = Array.from({ length: 40 }, (_, orderId) =>
      outgoing('email', 'user42@example.com', { notice: { ...reservedNotice, orderId } }),
    );
    await Promise.all(mails.map((one) => channel.send(one, noHurry)));
    expect(new Set(server.taken.map((one) => /^Message-ID: .*$/m.exec(one)?.[0])).size).toBe(40);
    expect(server.connections.most).toBeLessThanOrEqual(4);
    await waitFor(() => server.connections.open === 0, {
      deadlineMs: 5_000,
      what: 'the end of the connections',
    });
  });
});
