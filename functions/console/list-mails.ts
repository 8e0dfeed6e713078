import * as v from 'valibot';
import { withEntityTag } from '../../lib/http/entity-tag.ts';
import { type Answer, httpFunction } from '../../lib/http/http-function.ts';
import { type HttpRequest, integerText, readQuery } from '../../lib/http/request.ts';
import { connectInbox, type Inbox } from './inbox.ts';

export const querySchema = v.object({
  start: v.optional(integerText(0, 1_000_000), '0'),
  limit: v.optional(integerText(1, 200), '50'),
  messageId: v.exactOptional(v.pipe(v.string(), v.regex(/^[\w.@-]{1,200}$/, 'must be part of a Message-ID'))),
});

/** Shows the mails of the laptop's inbox, newest first; with `messageId`, those that carry it. */
export function listMails({ inbox }: { readonly inbox: Inbox }) {
  return async (request: HttpRequest): Promise<Answer> => {
    const { start, limit, messageId } = readQuery(request, querySchema);
    const page = `start=${start}&limit=${limit}`;
    const query = messageId === undefined ? undefined : encodeURIComponent(`message-id:"${messageId}"`);
    const path = query === undefined ? `messages?${page}` : `search?query=${query}&${page}`;
    return { status: 200, body: await inbox.get(path) };
  };
}

export const handler = httpFunction(
  { scopes: ['operator:read'] },
  withEntityTag(listMails({ inbox: connectInbox() })),
);
