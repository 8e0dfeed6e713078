import * as v from 'valibot';
import { withEntityTag } from '../../lib/http/entity-tag.ts';
import { type Answer, httpFunction } from '../../lib/http/http-function.ts';
import { type HttpRequest, integerText, readQuery } from '../../lib/http/request.ts';
import { connectInbox, type Inbox } from './inbox.ts';

export const querySchema = v.object({
  start: v.optional(integerText(0, 1_000_000), '0'),
  limit: v.optional(integerText(1, 200), '50'),
});

/** Shows the mails of the laptop's inbox, newest first. */
export function listMails({ inbox }: { readonly inbox: Inbox }) {
  return async (request: HttpRequest): Promise<Answer> => {
    const { start, limit } = readQuery(request, querySchema);
    return { status: 200, body: await inbox.get(`messages?start=${start}&limit=${limit}`) };
  };
}

export const handler = httpFunction(
  { scopes: ['operator:read'] },
  withEntityTag(listMails({ inbox: connectInbox() })),
);
