import * as v from 'valibot';
import { withEntityTag } from '../../lib/http/entity-tag.ts';
import { type Answer, httpFunction } from '../../lib/http/http-function.ts';
import { notFound } from '../../lib/http/problem.ts';
import { check, type HttpRequest } from '../../lib/http/request.ts';
import { connectInbox, type Inbox } from './inbox.ts';

const pathSchema = v.object({
  id: v.pipe(v.string(), v.regex(/^[\w-]{1,100}$/, 'must be the id of a mail')),
});

/** Shows one mail of the laptop's inbox with its text and HTML. */
export function getMail({ inbox }: { readonly inbox: Inbox }) {
  return async (request: HttpRequest): Promise<Answer> => {
    const { id } = check(request.pathParameters, pathSchema, '');
    const mail = await inbox.get(`message/${id}`);
    if (!mail) throw notFound('There is no such mail; the inbox is emptied when the service ends.');
    return { status: 200, body: mail };
  };
}

export const handler = httpFunction(
  { scopes: ['operator:read'] },
  withEntityTag(getMail({ inbox: connectInbox() })),
);
