import { Invoker } from './delivery/invoker.ts';
import { writeEvent, writePackedEvent } from './delivery/lambda-event.ts';
import { createDestination } from './destination/create-destination.ts';
import { EventSourceMappingError } from './errors.ts';
import type { Log } from './host/serverless.ts';
import type { OfflineOptions, Settings } from './host/settings.ts';
import { createKafka } from './kafka/client.ts';
import type { MappingDefinition, SchemaRegistryConfig } from './mapping/definition.ts';
import { MappingPoller } from './poller/mapping-poller.ts';
import { DecodingRecordReader } from './poller/decoding-record-reader.ts';
import { MappingReport } from './poller/mapping-report.ts';
import { RecordDelivery } from './poller/record-delivery.ts';
import { PlainRecordReader, type RecordReader } from './poller/record-reader.ts';
import { SchemaRegistry } from './schema-registry/schema-registry.ts';

/** How long running calls may take after Ctrl-C; unfinished records are redelivered at the next start. */
const drainTimeoutMs = 8000;

export interface EventSourceMappingsOptions {
  readonly definitions: readonly MappingDefinition[];
  readonly settings: Settings;
  readonly offline: OfflineOptions;
  /** Keys of the functions whose workers load the guard and so can unpack events. */
  readonly guarded: ReadonlySet<string>;
  readonly serviceDir: string;
  readonly log: Log;
}

/** All event source mappings of a service, running concurrently. */
export class EventSourceMappings {
  readonly #log: Log;
  readonly #invoker: Invoker;
  readonly #pollers: readonly MappingPoller[];

  /** @throws EventSourceMappingError `NO_BROKERS` or `NO_SCHEMA_REGISTRY` when a mapping has no address */
  constructor(options: EventSourceMappingsOptions) {
    this.#log = options.log;
    this.#invoker = new Invoker(options.offline.lambdaEndpoint, options.offline);
    this.#pollers = options.definitions.flatMap((definition) => this.#createPoller(definition, options));
  }

  /** Resolves when every mapping is reading or has reported what it waits for. */
  async start(): Promise<void> {
    await Promise.all(this.#pollers.map((poller) => poller.start()));
    if (this.#pollers.length > 0) this.#log.notice(`Kafka triggers: running (${this.#pollers.length})`);
  }

  /** Waits for running calls, commits them, and leaves the groups; a second Ctrl-C cuts it short. */
  async drain(): Promise<void> {
    const deadline = new AbortController();
    const abort = () => {
      deadline.abort();
    };
    const timer = setTimeout(abort, drainTimeoutMs);
    process.once('SIGINT', abort);
    await Promise.all(this.#pollers.map((poller) => poller.drain(deadline.signal)));
    process.off('SIGINT', abort);
    clearTimeout(timer);
    this.#invoker.close();
  }

  /** Called before the host ends all its workers, busy ones included, because the code has changed. */
  async beforeReload(): Promise<void> {
    const givenUp = await this.#invoker.hold(drainTimeoutMs);
    if (givenUp > 0)
      this.#log.warning(
        `Kafka triggers: ${givenUp} running batches were ended by the reload and will be redelivered`,
      );
  }

  afterReload(): void {
    this.#invoker.release();
  }

  #createPoller(definition: MappingDefinition, options: EventSourceMappingsOptions): MappingPoller[] {
    const report = new MappingReport(definition, options.log);
    if (!definition.enabled) {
      report.disabled();
      return [];
    }
    const { partitionsPerCall = 'all' } = options.settings;
    const brokers = brokersOf(definition, options.settings);
    const { eventSource, topic, functionName, failureDestination } = definition;
    const origin = { eventSource, topic, functionName, bootstrapServers: brokers };
    const kafka = createKafka(brokers, options.settings, options.log);
    const destination =
      failureDestination === undefined
        ? undefined
        : createDestination(failureDestination, { ...options, kafka, origin });
    const delivery = new RecordDelivery({
      definition,
      origin,
      invoker: this.#invoker,
      destination,
      report,
      write: options.guarded.has(definition.functionKey) ? writePackedEvent : writeEvent,
    });
    const reader = createReader(definition, options.settings, report);
    const containers = this.#invoker.containersOf(functionName);
    return [
      new MappingPoller({ definition, kafka, reader, delivery, containers, report, partitionsPerCall }),
    ];
  }
}

function createReader(
  definition: MappingDefinition,
  settings: Settings,
  report: MappingReport,
): RecordReader {
  const { schemaRegistry: config } = definition;
  if (!config) return new PlainRecordReader(definition);
  return new DecodingRecordReader({
    definition,
    config,
    registry: new SchemaRegistry(registryUriOf(definition, config, settings)),
    problem: (message) => {
      report.problem(message);
    },
  });
}

function registryUriOf(
  { functionKey, topic }: MappingDefinition,
  { uri, accessTypes }: SchemaRegistryConfig,
  settings: Settings,
): string {
  if (settings.schemaRegistryUri !== undefined) return settings.schemaRegistryUri;
  if (uri !== undefined && accessTypes.length === 0) return uri;
  const reason =
    uri === undefined
      ? 'the SchemaRegistryURI is known only after deployment'
      : `the secrets of AccessConfigs (${accessTypes.join(', ')}) are not read here`;
  throw new EventSourceMappingError(
    'NO_SCHEMA_REGISTRY',
    `Function "${functionKey}", topic "${topic}": ${reason}, ` +
      'set custom.kafkaEventSourceMapping.schemaRegistryUri to the URL of a registry, ' +
      'with user:password@ for basic authentication.',
  );
}

/** The brokers set in `custom.kafkaEventSourceMapping`, or else those that the event declares. */
export function brokersOf(definition: MappingDefinition, settings: Settings): readonly string[] {
  const brokers = settings.bootstrapServers ?? definition.bootstrapServers;
  if (brokers.length > 0) return brokers;
  throw new EventSourceMappingError(
    'NO_BROKERS',
    `Function "${definition.functionKey}", topic "${definition.topic}": no brokers are named that can be reached from here, ` +
      'set custom.kafkaEventSourceMapping.bootstrapServers to a list of host:port.',
  );
}
