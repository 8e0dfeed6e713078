import { startHttpStub, type StubbedAnswer } from '../../../test/support/http-stub.ts';
import { noHurry, outgoing } from '../../../test/support/outgoing.ts';
import { NotificationProviderUnavailableError, NotificationRefusedError } from '../errors.ts';
import { createSnsChannel } from './sns.ts';

const message = outgoing('sms', '+821012345678', { language: 'ko' });

/** The client reads its endpoint and credentials from the environment, as on AWS. */
function channelTo(url: string) {
  process.env['AWS_ACCESS_KEY_ID'] = 'test';
  process.env['AWS_SECRET_ACCESS_KEY'] = 'test';
  process.env['AWS_ENDPOINT_URL_SNS'] = url;
  return createSnsChannel({ region: 'ap-northeast-1' });
}

/** https://docs.aws.amazon.com/sns/latest/api/API_Publish.html */
const accepted: StubbedAnswer = {
  status: 200,
  headers: { 'content-type': 'text/xml' },
  body: '<PublishResponse><PublishResult><MessageId>sms-1</MessageId></PublishResult></PublishResponse>',
};

const refusal = (status: number, code: string) => (): StubbedAnswer => ({
  status,
  headers: { 'content-type': 'text/xml' },
  body: `<ErrorResponse><Error><Type>Sender</Type><Code>${code}</Code><Message>no</Message></Error></ErrorResponse>`,
});

describe('SMS by SNS', () => {
  it('when SNS accepts it, the number gets the short text as a transactional message', async () => {
    await using stub = await startHttpStub(() => accepted);
    expect(await channelTo(stub.url).send(message, noHurry)).toBe('sms-1');
    const form = Object.fromEntries(new URLSearchParams(String(stub.requests[0]?.body)));
    expect(form).toMatchObject({
      Action: 'Publish',
      PhoneNumber: '+821012345678',
      Message: '주문 7번이 확정되었습니다. 모든 상품을 확보했습니다.',
      'MessageAttributes.entry.1.Name': 'AWS.SNS.SMS.SMSType',
      'MessageAttributes.entry.1.Value.StringValue': 'Transactional',
    });
  });

  it.each(['InvalidParameter', 'ParameterValueInvalid', 'OptedOut'])(
    'when SNS answers %s, it is refused permanently',
    async (code) => {
      await using stub = await startHttpStub(refusal(400, code));
      await expect(channelTo(stub.url).send(message, noHurry)).rejects.toThrow(NotificationRefusedError);
    },
  );

  it('when SNS refuses our credentials, it is down for everyone', async () => {
    await using stub = await startHttpStub(refusal(403, 'AuthorizationError'));
    await expect(channelTo(stub.url).send(message, noHurry)).rejects.toThrow(
      NotificationProviderUnavailableError,
    );
  });

  it('when SNS throttles, the failure may be temporary', async () => {
    await using stub = await startHttpStub(refusal(429, 'Throttled'));
    await expect(channelTo(stub.url).send(message, noHurry)).rejects.toMatchObject({ name: /Throttled/ });
  });
});
