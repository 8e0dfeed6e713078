import { ConnectionBudgetError, type DatabaseFunction, reservedConcurrency } from './concurrency.ts';

/** What the plugin uses of the framework; osls ships no types. */
interface Serverless {
  readonly service: {
    readonly functions: Readonly<Record<string, FunctionDefinition>>;
    readonly custom: { readonly connectionBudget: Budget };
  };
  readonly classes: { readonly Error: new (message: string, code: string) => Error };
}

/** By `--param` numbers are texts. */
type Budget = Readonly<Record<'connections' | 'partitions', string | number>>;

interface FunctionDefinition {
  readonly environment?: Readonly<Record<string, unknown>>;
  readonly events?: readonly FunctionEvent[];
  reservedConcurrency?: number;
}

interface FunctionEvent {
  readonly kafka?: object;
  readonly httpApi?: { readonly authorizer?: { readonly scopes?: readonly string[] } };
}

/** In place of a number of connections: an account whose own limit is small reserves nothing. */
const none = 'none';

/**
 * Serverless plugin that reserves concurrency for every function that uses the database, from the budget
 * `custom.connectionBudget`. Only the package has it: on the laptop the local stack has a budget of its own.
 */
export default class BoundedConcurrency {
  readonly hooks = {
    'before:package:compileFunctions': () => {
      this.#reserve();
    },
  };
  readonly #serverless: Serverless;

  constructor(serverless: Serverless) {
    this.#serverless = serverless;
  }

  #reserve(): void {
    const { functions, custom } = this.#serverless.service;
    if (custom.connectionBudget.connections === none) return;
    for (const [key, containers] of this.#reservedConcurrency()) {
      const definition = functions[key];
      if (definition) definition.reservedConcurrency ??= containers;
    }
  }

  #reservedConcurrency(): ReadonlyMap<string, number> {
    const { functions, custom } = this.#serverless.service;
    try {
      return reservedConcurrency(databaseFunctions(functions), {
        connections: countOf(custom.connectionBudget, 'connections', 'databaseConnections'),
        partitions: countOf(custom.connectionBudget, 'partitions', 'kafkaPartitions'),
      });
    } catch (error) {
      if (!(error instanceof ConnectionBudgetError)) throw error;
      throw new this.#serverless.classes.Error(error.message, error.code);
    }
  }
}

function databaseFunctions(functions: Readonly<Record<string, FunctionDefinition>>): DatabaseFunction[] {
  return Object.entries(functions)
    .filter(([, { environment = {} }]) => Object.keys(environment).some((name) => /^DATABASE_/.test(name)))
    .map(([key, { events = [] }]) => ({
      key,
      topics: events.filter(({ kafka }) => kafka).length,
      callers: callersOf(events),
    }));
}

function callersOf(events: readonly FunctionEvent[]): DatabaseFunction['callers'] {
  const scopes = events.flatMap(({ httpApi }) => httpApi?.authorizer?.scopes ?? []);
  if (scopes.length === 0) return undefined;
  return scopes.some((scope) => scope.endsWith('customer')) ? 'customers' : 'operators';
}

/** @throws ConnectionBudgetError when it is no count */
function countOf(budget: Budget, name: keyof Budget, parameter: string): number {
  const count = Number(budget[name]);
  if (Number.isSafeInteger(count) && count > 0) return count;
  throw new ConnectionBudgetError(`--param="${parameter}=${budget[name]}" must be a whole number above 0.`);
}
