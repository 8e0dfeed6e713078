import * as v from 'valibot';
import { identifierSchema } from '../../lib/contracts/order-item.ts';
import { type Caller, mayActFor } from '../../lib/http/caller.ts';
import { type Answer, httpFunction } from '../../lib/http/http-function.ts';
import type { HttpRequest } from '../../lib/http/request.ts';
import { connectDatabase } from '../../lib/postgres/connect.ts';
import { type ContactStore, createContactStore } from './contact-store.ts';
import { contactsView, noContacts } from './contacts.ts';

const userIdSchema = v.pipe(v.string(), v.regex(/^[1-9]\d*$/), v.transform(Number), identifierSchema);

/** Shows how a user is told of orders. */
export function getContacts({ store }: { readonly store: Pick<ContactStore, 'get'> }) {
  return async (request: HttpRequest, caller: Caller): Promise<Answer> => {
    const userId = v.safeParse(userIdSchema, request.pathParameters?.['userId']);
    if (!userId.success || !mayActFor(caller, userId.output)) throw noContacts();
    const contacts = await store.get(userId.output);
    if (!contacts) throw noContacts();
    return { status: 200, body: contactsView(userId.output, contacts) };
  };
}

export const handler = httpFunction(
  { scopes: ['customer', 'operator:read'] },
  getContacts({ store: createContactStore(connectDatabase()) }),
);
