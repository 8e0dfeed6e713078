/** What a token grants access to: `customer` to the customer's own data, the others to everyone's. */
export type Scope = 'customer' | 'operator:read' | 'operator:write';

/** Someone who can reach only their own data. */
interface Customer {
  readonly kind: 'customer';
  readonly userId: number;
}

/** Someone who runs the shop. A handler is called only when one of `scopes` grants access to its route. */
interface Operator {
  readonly kind: 'operator';
  /** The token's `sub`, which the audit trail of dead letters records. */
  readonly name: string;
  readonly scopes: readonly Scope[];
}

/** Anyone who calls an open laptop; may do everything. */
interface Developer {
  readonly kind: 'developer';
}

/** Who sent a request, verified. */
export type Caller = Customer | Operator | Developer;

/** Whether the caller may see and change the data of this user. */
export function mayActFor(caller: Caller, userId: number): boolean {
  const onlyUser = limitedTo(caller);
  return onlyUser === undefined || onlyUser === userId;
}

/** The one user whose data the caller may see; undefined when it may see everyone's. */
export function limitedTo(caller: Caller): number | undefined {
  return caller.kind === 'customer' ? caller.userId : undefined;
}
