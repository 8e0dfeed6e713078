/**
 * A function as the budget sees it: how many of its containers may have a database connection at the same
 * time.
 */
export interface DatabaseFunction {
  readonly key: string;
  /** How many topics it reads. */
  readonly topics: number;
  /** Who calls its route; undefined where it has none. */
  readonly callers: 'customers' | 'operators' | undefined;
}

export interface ConnectionBudget {
  /** What PostgreSQL takes, its `max_connections`. */
  readonly connections: number;
  /** Of each topic. */
  readonly partitions: number;
}

/** For PostgreSQL's superusers 3, and 2 for an operator's `psql` and a second connection of `migrate`. */
const keptBack = 5;

/** Operators are few, and so are the requests that one of them has in flight. */
const perOperatorRoute = 2;

/** Of what is left for customers, in shares; the other routes get one each. */
const shares: Readonly<Record<string, number>> = { createOrder: 4 };

/** A budget that does not reach for one container of each function. */
export class ConnectionBudgetError extends Error {
  override readonly name = 'ConnectionBudgetError';
  readonly code = 'CONNECTION_BUDGET_TOO_SMALL';
}

/**
 * The reserved concurrency of each function that uses the database, so that all containers together never
 * hold more connections than there are: a container holds one at most. Triggers get what Lambda would start,
 * one per partition that they read; schedules and what is invoked by hand run once at a time; customers'
 * routes share the rest.
 * @throws ConnectionBudgetError when the rest is too small for the routes of customers
 */
export function reservedConcurrency(
  functions: readonly DatabaseFunction[],
  { connections, partitions }: ConnectionBudget,
): ReadonlyMap<string, number> {
  const fixed = functions.flatMap((one) => {
    const containers = fixedConcurrency(one, partitions);
    return containers === undefined ? [] : [[one.key, containers] as const];
  });
  const taken = fixed.reduce((sum, [, containers]) => sum + containers, keptBack);
  const customers = functions.filter(({ callers }) => callers === 'customers').map(({ key }) => key);
  const allShares = customers.reduce((sum, key) => sum + sharesOf(key), 0);
  const perShare = (connections - taken) / allShares;
  if (allShares > 0 && perShare < 1) {
    throw new ConnectionBudgetError(
      `databaseConnections=${connections} is too small: with ${partitions} partitions per topic ${taken} connections are taken before any customer's request, and customers' routes need at least ${allShares}. Give at least ${taken + allShares}.`,
    );
  }
  return new Map([...fixed, ...customers.map((key) => [key, Math.floor(perShare * sharesOf(key))] as const)]);
}

/** What does not depend on the budget; undefined for a route of customers. */
function fixedConcurrency({ topics, callers }: DatabaseFunction, partitions: number): number | undefined {
  if (callers === 'customers') return undefined;
  if (callers === 'operators') return perOperatorRoute;
  return Math.max(1, topics * partitions);
}

function sharesOf(key: string): number {
  return shares[key] ?? 1;
}
