import { PublishCommand, SNSClient } from '@aws-sdk/client-sns';
import { messageFor } from '../message.ts';
import { toNotificationError } from './aws-error.ts';
import type { Channel } from './channel.ts';

/** https://docs.aws.amazon.com/sns/latest/api/API_Publish.html#API_Publish_Errors */
const errors = {
  refused: [
    'InvalidParameterException',
    'InvalidParameterValueException',
    'OptedOutException',
    'ValidationException',
  ],
  unavailable: [],
};

/**
 * SMS by Amazon SNS, which accepts no idempotency key for a phone number: only the order number shows that a
 * message is a duplicate.
 * @param region one where SNS sends SMS
 */
export function createSnsChannel({ region }: { readonly region: string }): Channel {
  const client = new SNSClient({ region });
  return {
    async send({ address, notice, language }, signal) {
      const command = new PublishCommand({
        PhoneNumber: address,
        Message: messageFor(notice, language).brief,
        MessageAttributes: {
          'AWS.SNS.SMS.SMSType': { DataType: 'String', StringValue: 'Transactional' },
        },
      });
      try {
        const sent = await client.send(command, { abortSignal: signal });
        return sent.MessageId;
      } catch (error) {
        throw toNotificationError('SNS', error, errors);
      }
    },
  };
}
