import type { Caller } from '../../lib/http/caller.ts';
import { type Answer, httpFunction } from '../../lib/http/http-function.ts';
import type { HttpRequest } from '../../lib/http/request.ts';
import { connectDatabase } from '../../lib/postgres/connect.ts';
import { type ContactStore, createContactStore } from './contact-store.ts';
import { userOf } from './contacts.ts';

/**
 * Removes a user's contacts; answers the same when there are none, so that the request can be repeated
 * safely.
 */
export function deleteContacts({ store }: { readonly store: Pick<ContactStore, 'remove'> }) {
  return async (request: HttpRequest, caller: Caller): Promise<Answer> => {
    await store.remove(userOf(request, caller));
    return { status: 204, body: undefined };
  };
}

export const handler = httpFunction(
  { scopes: ['customer', 'operator:write'] },
  deleteContacts({ store: createContactStore(connectDatabase()) }),
);
