import { setting } from '../../../lib/config.ts';
import type { VapidSettings } from './web-push.ts';

/**
 * The keys that sign push notifications; undefined where push is not set up.
 * @throws ConfigurationError when one is malformed
 */
export function vapidSettings(): VapidSettings | undefined {
  const publicKey = setting('VAPID_PUBLIC_KEY');
  const privateKey = setting('VAPID_PRIVATE_KEY');
  const subject = setting('VAPID_SUBJECT');
  if (publicKey === undefined || privateKey === undefined || subject === undefined) return undefined;
  return { publicKey, privateKey, subject };
}
