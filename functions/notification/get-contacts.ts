import type { Caller } from '../../lib/http/caller.ts';
import { type Answer, httpFunction } from '../../lib/http/http-function.ts';
import type { HttpRequest } from '../../lib/http/request.ts';
import { connectDatabase } from '../../lib/postgres/connect.ts';
import { type ContactStore, createContactStore } from './contact-store.ts';
import { contactsView, noContacts, userOf } from './contacts.ts';

/** Shows how a user is notified of orders; never the secret of the webhook. */
export function getContacts({ store }: { readonly store: Pick<ContactStore, 'get'> }) {
  return async (request: HttpRequest, caller: Caller): Promise<Answer> => {
    const userId = userOf(request, caller);
    const contacts = await store.get(userId);
    if (!contacts) throw noContacts();
    return { status: 200, body: contactsView(userId, contacts) };
  };
}

export const handler = httpFunction(
  { scopes: ['customer', 'operator:read'] },
  getContacts({ store: createContactStore(connectDatabase()) }),
);
