import { setting } from '../../../lib/config.ts';
import { secretOf, textIn } from '../../../lib/secrets.ts';
import type { VapidSettings } from './web-push.ts';

/**
 * The keys that sign push notifications; undefined where push is not set up. With `VAPID_SECRET_ARN` the
 * private key is that secret's `privateKey`, read when it is needed.
 * @throws ConfigurationError when one is malformed
 */
export function vapidSettings(): VapidSettings | undefined {
  const publicKey = setting('VAPID_PUBLIC_KEY');
  const subject = setting('VAPID_SUBJECT');
  const privateKey = privateKeyReader();
  if (publicKey === undefined || privateKey === undefined || subject === undefined) return undefined;
  return { publicKey, privateKey, subject };
}

function privateKeyReader(): VapidSettings['privateKey'] | undefined {
  const secretArn = setting('VAPID_SECRET_ARN');
  const privateKey = setting('VAPID_PRIVATE_KEY');
  if (secretArn !== undefined) return textIn(secretOf(secretArn), 'privateKey');
  return privateKey === undefined ? undefined : () => Promise.resolve(privateKey);
}
