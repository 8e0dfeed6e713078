import type { AddressInfo } from 'node:net';
import ses from 'aws-ses-v2-local';
import { startHttpStub } from '../../../test/support/http-stub.ts';
import { noHurry, outgoing } from '../../../test/support/outgoing.ts';
import { NotificationProviderUnavailableError, NotificationRefusedError } from '../errors.ts';
import { createSesChannel } from './ses.ts';

const mail = outgoing('email', 'user42@example.com', { language: 'ko' });

/** The client reads its endpoint and credentials from the environment, as on AWS. */
function channelTo(url: string) {
  process.env['AWS_REGION'] = 'us-east-1';
  process.env['AWS_ACCESS_KEY_ID'] = 'test';
  process.env['AWS_SECRET_ACCESS_KEY'] = 'test';
  process.env['AWS_ENDPOINT_URL_SESV2'] = url;
  return createSesChannel({ from: 'Shop <orders@shop.example>' });
}

const refusal = (status: number, name: string) => () => ({
  status,
  headers: { 'content-type': 'application/json', 'x-amzn-errortype': name },
  body: JSON.stringify({ message: 'as the test wants it' }),
});

describe('e-mail by SES', () => {
  it('when SES accepts it, it arrives as text and as a page, with our id as a header', async () => {
    const server = await ses.default({ host: '127.0.0.1', port: 0 });
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    const providerId = await channelTo(url).send(mail, noHurry);
    const { emails } = (await (await fetch(`${url}/store`)).json()) as { emails: unknown[] };
    server.closeAllConnections();
    await new Promise((closed) => server.close(closed));
    expect(emails).toMatchObject([
      {
        messageId: providerId,
        from: 'Shop <orders@shop.example>',
        destination: { to: ['user42@example.com'] },
        subject: '주문 7번이 확정되었습니다',
        body: {
          text: expect.stringContaining('ABC-001') as string,
          html: expect.stringContaining('<b>ABC-001</b>') as string,
        },
      },
    ]);
  });

  it('when SES is called, our id is sent along as a header and as a tag', async () => {
    await using stub = await startHttpStub(() => ({ status: 200, body: '{"MessageId":"m-1"}' }));
    expect(await channelTo(stub.url).send(mail, noHurry)).toBe('m-1');
    expect(JSON.parse(String(stub.requests[0]?.body))).toMatchObject({
      EmailTags: [{ Name: 'notification', Value: 'order-7-reserved-email' }],
      Content: {
        Simple: {
          Headers: [
            { Name: 'X-Notification-Id', Value: 'order-7-reserved-email' },
            { Name: 'Auto-Submitted', Value: 'auto-generated' },
          ],
        },
      },
    });
  });

  it.each(['MessageRejected', 'BadRequestException'])(
    'when SES answers %s, it is refused permanently',
    async (name) => {
      await using stub = await startHttpStub(refusal(400, name));
      await expect(channelTo(stub.url).send(mail, noHurry)).rejects.toThrow(NotificationRefusedError);
    },
  );

  it.each([
    [400, 'SendingPausedException'],
    [403, 'AccessDeniedException'],
    [403, 'UnrecognizedClientException'],
  ])('when SES answers %d %s, it is down for everyone', async (status, name) => {
    await using stub = await startHttpStub(refusal(status, name));
    await expect(channelTo(stub.url).send(mail, noHurry)).rejects.toThrow(
      NotificationProviderUnavailableError,
    );
  });

  it('when SES throttles, the failure may be temporary', async () => {
    await using stub = await startHttpStub(refusal(429, 'TooManyRequestsException'));
    await expect(channelTo(stub.url).send(mail, noHurry)).rejects.toMatchObject({
      name: 'TooManyRequestsException',
    });
  });

  it('when SES hangs, the signal ends the send', async () => {
    await using stub = await startHttpStub(() => undefined);
    await expect(channelTo(stub.url).send(mail, AbortSignal.timeout(50))).rejects.toMatchObject({
      name: 'AbortError',
    });
  });
});
