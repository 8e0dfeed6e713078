import { ECDH } from 'node:crypto';
import * as v from 'valibot';
import { identifierIn } from '../../lib/edge.ts';
import { type Caller, mayActFor } from '../../lib/http/caller.ts';
import { type HttpProblem, notFound } from '../../lib/http/problem.ts';
import type { HttpRequest } from '../../lib/http/request.ts';
import { isAllowedUrl } from './address.ts';
import { languages } from './notice.ts';

/**
 * A key of this many bytes as unpadded base64url. https://www.w3.org/TR/push-api/#dom-pushsubscription-getkey
 */
const key = (bytes: number) => {
  const message = `must be ${bytes} bytes in base64url`;
  const decodes = (text: string) => Buffer.from(text, 'base64url').length === bytes;
  return v.pipe(v.string('must be a string'), v.regex(/^[\w-]+=*$/, message), v.check(decodes, message));
};

const curvePoint = v.pipe(key(65), v.check(isOnCurve, 'must be a point on the curve P-256'));

/** Nothing can be encrypted for any other key. https://www.rfc-editor.org/rfc/rfc8291#section-3.1 */
function isOnCurve(publicKey: string): boolean {
  try {
    ECDH.convertKey(publicKey, 'prime256v1', 'base64url');
    return true;
  } catch {
    return false;
  }
}

const address = (allowLoopback: boolean) =>
  v.pipe(
    v.string('must be a string'),
    v.maxLength(2_048, 'must be at most 2048 characters'),
    v.check(
      (text) => isAllowedUrl(text, allowLoopback),
      'must be an https URL of a public host, on port 443 and without credentials',
    ),
  );

/**
 * How a user wants to be notified: through every channel that has an address here. Null means no address.
 * @param allowLoopback whether webhooks and push services may be `http` on this machine, as they are on a
 *   laptop
 */
export function contactsSchema(allowLoopback: boolean) {
  return v.object(
    {
      email: v.nullish(
        v.pipe(
          v.string('must be a string'),
          v.maxLength(254, 'must be at most 254 characters'),
          v.rfcEmail('must be an e-mail address'),
        ),
      ),
      phone: v.nullish(
        v.pipe(
          v.string('must be a string'),
          v.regex(/^\+[1-9]\d{6,14}$/, 'must be a number in E.164 form, such as +821012345678'),
        ),
      ),
      push: v.nullish(
        v.object(
          {
            endpoint: address(allowLoopback),
            keys: v.object({ p256dh: curvePoint, auth: key(16) }, 'must be an object'),
          },
          'must be a push subscription',
        ),
      ),
      webhook: v.nullish(address(allowLoopback)),
      language: v.optional(v.picklist(languages, `must be one of ${languages.join(', ')}`), 'en'),
    },
    'must be an object',
  );
}

/** How a user wants to be notified, as `contactsSchema` reads it. */
export type Contacts = v.InferOutput<ReturnType<typeof contactsSchema>>;

/**
 * The user in the request's path.
 * @throws HttpProblem 404 when the caller may not act for that user, or there can be no such user
 */
export function userOf({ pathParameters }: HttpRequest, caller: Caller): number {
  const userId = identifierIn(pathParameters?.['userId']);
  if (userId === undefined || !mayActFor(caller, userId)) throw noContacts();
  return userId;
}

/** The same for a user without contacts and for one whom the caller may not act for. */
export function noContacts(): HttpProblem {
  return notFound('This user has no contacts.');
}

/** Contacts as the API shows them: only those that are set. */
export function contactsView(userId: number, { email, phone, push, webhook, language }: Contacts) {
  return {
    userId,
    ...(email && { email }),
    ...(phone && { phone }),
    ...(push && { push }),
    ...(webhook && { webhook }),
    language,
  };
}
