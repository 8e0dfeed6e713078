import type { Caller } from '../../lib/http/caller.ts';
import { type Answer, httpFunction } from '../../lib/http/http-function.ts';
import { notFound } from '../../lib/http/problem.ts';
import type { HttpRequest } from '../../lib/http/request.ts';
import { connectDatabase } from '../../lib/postgres/connect.ts';
import { type ContactStore, createContactStore } from './contact-store.ts';
import { userOf } from './contacts.ts';
import { newWebhookSecret } from './webhook-secret.ts';

interface Dependencies {
  readonly store: Pick<ContactStore, 'renewSecret'>;
  readonly newSecret: () => string;
}

/**
 * Gives a user's webhook a new secret, which is shown only once; the previous one signs alongside it for a
 * day, so that the receiver can switch.
 */
export function renewWebhookSecret({ store, newSecret }: Dependencies) {
  return async (request: HttpRequest, caller: Caller): Promise<Answer> => {
    const webhookSecret = newSecret();
    const hasWebhook = await store.renewSecret(userOf(request, caller), webhookSecret);
    if (!hasWebhook) throw notFound('This user has no webhook.');
    return { status: 200, body: { webhookSecret } };
  };
}

export const handler = httpFunction(
  { scopes: ['customer', 'operator:write'] },
  renewWebhookSecret({ store: createContactStore(connectDatabase()), newSecret: newWebhookSecret }),
);
