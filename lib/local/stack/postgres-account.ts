import { chown } from 'node:fs/promises';
import { runToEnd } from './child-process.ts';

/** As whom PostgreSQL runs: it refuses to run as root. */
export interface Account {
  /** Put before a command, runs it as that account. */
  readonly prefix: readonly string[];
  /** The owner that its files need; undefined means ours. */
  readonly owner?: number;
}

/** The user id of `nobody`. */
const nobody = 65_534;

/** Finds an account that may run PostgreSQL: this one, unless it is root's. */
export async function findAccount(): Promise<Account> {
  if (process.getuid?.() !== 0) return { prefix: [] };
  const unshare = ['unshare', '--user', '--map-user=1000', '--map-group=1000'];
  try {
    await runToEnd(unshare[0] as string, [...unshare.slice(1), 'true']);
    return { prefix: unshare };
  } catch {
    // No user namespaces here, as in most containers: another account then, which must reach the data folder.
    const prefix = ['setpriv', `--reuid=${nobody}`, `--regid=${nobody}`, '--clear-groups'];
    return { prefix, owner: nobody };
  }
}

/** Makes the account the owner of a file or a folder, if it needs to be. */
export async function giveTo({ owner }: Account, path: string): Promise<void> {
  if (owner !== undefined) await chown(path, owner, owner);
}
