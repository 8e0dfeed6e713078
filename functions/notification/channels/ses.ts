import { SendEmailCommand, SESv2Client } from '@aws-sdk/client-sesv2';
import { messageFor } from '../message.ts';
import { toNotificationError } from './aws-error.ts';
import { type Channel, messageIdOf, type Outgoing } from './channel.ts';

/** https://docs.aws.amazon.com/ses/latest/APIReference-V2/API_SendEmail.html#API_SendEmail_Errors */
const errors = {
  refused: ['BadRequestException', 'MessageRejected'],
  unavailable: [
    'AccountSuspendedException',
    'MailFromDomainNotVerifiedException',
    'NotFoundException',
    'SendingPausedException',
  ],
};

/**
 * E-mail by Amazon SES. SES sets its own Message-ID, so ours is sent along as a header and as a tag of the
 * events that SES publishes.
 * @param from the sender, an identity verified in SES
 */
export function createSesChannel({ from }: { readonly from: string }): Channel {
  const client = new SESv2Client();
  return {
    async send(outgoing, signal) {
      try {
        const sent = await client.send(commandFor(outgoing, from), { abortSignal: signal });
        return sent.MessageId;
      } catch (error) {
        throw toNotificationError('SES', error, errors);
      }
    },
  };
}

function commandFor(outgoing: Outgoing, from: string): SendEmailCommand {
  const { subject, text, html } = messageFor(outgoing.notice, outgoing.language);
  const id = messageIdOf(outgoing);
  return new SendEmailCommand({
    FromEmailAddress: from,
    Destination: { ToAddresses: [outgoing.address] },
    EmailTags: [{ Name: 'notification', Value: id }],
    Content: {
      Simple: {
        Subject: utf8(subject),
        Body: { Text: utf8(text), Html: utf8(html) },
        Headers: [
          { Name: 'X-Notification-Id', Value: id },
          { Name: 'Auto-Submitted', Value: 'auto-generated' },
        ],
      },
    },
  });
}

function utf8(text: string) {
  return { Data: text, Charset: 'UTF-8' };
}
