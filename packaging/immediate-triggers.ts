/** What this plugin uses of the framework. */
interface Serverless {
  readonly service: {
    readonly functions: Readonly<Record<string, { readonly events?: readonly FunctionEvent[] }>>;
    readonly resources: { readonly extensions: Record<string, object> };
  };
  getProvider(name: 'aws'): {
    readonly naming: { getKafkaEventLogicalId(functionKey: string, topic: string): string };
  };
}

interface FunctionEvent {
  readonly kafka?: { readonly topic: string; readonly maximumBatchingWindow?: number };
}

/**
 * Gives Kafka triggers with `maximumBatchingWindow: 0` the window they ask for. The framework drops a 0 when
 * it compiles the event, and Lambda's default is 500 ms, which a lone record would wait. An extension of the
 * compiled resource holds it: the template gets it from there, and so do the triggers on the laptop.
 * https://docs.aws.amazon.com/lambda/latest/api/API_CreateEventSourceMapping.html#lambda-CreateEventSourceMapping-request-MaximumBatchingWindowInSeconds
 */
export default class ImmediateTriggers {
  readonly hooks = {
    initialize: () => {
      this.#extendTriggers();
    },
  };
  readonly #serverless: Serverless;

  constructor(serverless: Serverless) {
    this.#serverless = serverless;
  }

  #extendTriggers(): void {
    const { functions, resources } = this.#serverless.service;
    const { naming } = this.#serverless.getProvider('aws');
    for (const [functionKey, { events = [] }] of Object.entries(functions)) {
      for (const { kafka } of events) {
        if (kafka?.maximumBatchingWindow !== 0) continue;
        const logicalId = naming.getKafkaEventLogicalId(functionKey, kafka.topic);
        resources.extensions[logicalId] = { Properties: { MaximumBatchingWindowInSeconds: 0 } };
      }
    }
  }
}
