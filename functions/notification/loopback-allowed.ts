import { setting } from '../../lib/config.ts';

/**
 * Whether a customer's address may be on this machine: on a laptop whose stage says so. On Lambda this
 * machine is the container, where `127.0.0.1` is the runtime's own API, so there the stage cannot switch it
 * on.
 */
export function loopbackAllowed(): boolean {
  return setting('LOOPBACK_CONTACTS') !== undefined && setting('IS_OFFLINE') !== undefined;
}
