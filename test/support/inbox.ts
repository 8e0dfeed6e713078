import type { ReceivedMail } from './snapshot.ts';

interface MailList {
  readonly messages: readonly { readonly MessageID: string; readonly Created: string }[];
}

/** The mails that the local mail server has received; a mail is named after its order, kind and channel. */
export async function readInbox(mailUrl: string): Promise<ReceivedMail[]> {
  const response = await fetch(`${mailUrl}/api/v1/messages?limit=1000000`);
  const { messages } = (await response.json()) as MailList;
  return messages.map(({ MessageID, Created }) => ({
    name: MessageID.replace(/@.*/, ''),
    receivedAt: new Date(Created),
  }));
}
