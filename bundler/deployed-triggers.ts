import type { Plugin } from 'esbuild';

/** A route as `GET /path`, or with more to say as an object. */
export type HttpApiEvent = string | { readonly method: string; readonly path: string };

interface FunctionEvent {
  readonly kafka?: { readonly topic: string; readonly consumerGroupId: string };
  readonly httpApi?: HttpApiEvent;
}

/** What the plugins read of the framework's service, its variables resolved. */
export interface Service {
  readonly functions: Readonly<Record<string, { readonly events?: readonly FunctionEvent[] }>>;
}

/**
 * Lets a function import `deployed:triggers`: which function reads which topic in which group, as
 * serverless.yml says.
 */
export function deployedTriggers(service: Service): Plugin {
  return {
    name: 'deployed-triggers',
    setup: (build) => {
      build.onResolve({ filter: /^deployed:triggers$/ }, ({ path }) => ({ path, namespace: 'deployed' }));
      build.onLoad({ filter: /.*/, namespace: 'deployed' }, () => ({
        contents: `export const triggers = ${JSON.stringify(triggersOf(service))};`,
        loader: 'js',
      }));
    },
  };
}

function triggersOf({ functions }: Service) {
  return Object.entries(functions).flatMap(([name, { events = [] }]) =>
    events.flatMap(({ kafka }) =>
      kafka ? [{ function: name, topic: kafka.topic, consumerGroup: kafka.consumerGroupId }] : [],
    ),
  );
}
