import { AwsClient } from 'aws4fetch';
import type { StandIn } from '../deploy/stand-in.ts';

/** Makes the stand-in's SES accept mails from an address. */
export async function verifySender({ environment }: StandIn, address: string): Promise<void> {
  const response = await clientOf(environment).fetch(
    `${environment['AWS_ENDPOINT_URL']}/v2/email/identities`,
    {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ EmailIdentity: address }),
    },
  );
  if (!response.ok) throw new Error(`CreateEmailIdentity: ${response.status} ${await response.text()}`);
}

/** How many mails the stand-in's SES has accepted. */
export async function countSentMails({ environment }: StandIn): Promise<number> {
  const query = 'Action=GetSendQuota&Version=2010-12-01';
  const response = await clientOf(environment).fetch(`${environment['AWS_ENDPOINT_URL']}/?${query}`);
  const answer = await response.text();
  const [, count] = /<SentLast24Hours>([\d.]+)</.exec(answer) ?? [];
  if (count === undefined) throw new Error(`GetSendQuota: ${response.status} ${answer}`);
  return Number(count);
}

function clientOf(environment: StandIn['environment']): AwsClient {
  return new AwsClient({
    accessKeyId: environment['AWS_ACCESS_KEY_ID'] ?? '',
    secretAccessKey: environment['AWS_SECRET_ACCESS_KEY'] ?? '',
    region: environment['AWS_REGION'] ?? '',
    service: 'ses',
  });
}
