import type { Caller } from '../../lib/http/caller.ts';

/** Anyone who calls an open laptop. */
export const developer: Caller = { kind: 'developer' };

/** A customer who has signed in. */
export function customer(userId: number): Caller {
  return { kind: 'customer', userId };
}

/** An operator who may do everything that operators may. */
export const operator: Caller = {
  kind: 'operator',
  name: 'operator-1',
  scopes: ['operator:read', 'operator:write'],
};
