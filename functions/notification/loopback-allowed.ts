import { setting } from '../../lib/config.ts';

/**
 * Whether a customer's address may be on this machine: only on a laptop whose stage allows it. On Lambda this
 * machine is the container, where `127.0.0.1` is the runtime's own API, so there the stage cannot enable it.
 */
export function loopbackAllowed(): boolean {
  return setting('LOOPBACK_CONTACTS') !== undefined && setting('IS_OFFLINE') !== undefined;
}
