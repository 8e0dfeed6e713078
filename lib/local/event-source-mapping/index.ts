import type { Message } from 'kafkajs';
import { EventSourceMappingError, messageOf } from './errors.ts';
import { EventSourceMappings } from './event-source-mappings.ts';
import { commandsFor, topicToProduceTo, type Command } from './host/commands.ts';
import { guardWorkers } from './host/guard-workers.ts';
import type { Log, Serverless } from './host/serverless.ts';
import { readOfflineOptions, readSettings, settingsSchema } from './host/settings.ts';
import type { MappingDefinition } from './mapping/definition.ts';
import { describeAll, describeBehind, lagAsJson } from './lag/lag-table.ts';
import { findTriggerLags } from './lag/trigger-lag.ts';
import { foreignMappings, readDefinitions } from './mapping/read-definitions.ts';
import { warningsFor } from './mapping/warnings.ts';
import { produceRecord } from './produce/produce-record.ts';
import { readRecord } from './produce/read-record.ts';

/** Runs the `kafka` and `msk` events of a service with `serverless offline start`, as AWS Lambda does. */
export default class KafkaEventSourceMapping {
  readonly commands: Record<string, Command>;
  readonly hooks: Record<string, () => unknown> = {
    'before:offline:start': () => {
      this.#refuseBareOffline();
    },
    'before:offline:start:init': () => {
      this.#prepare();
    },
    'before:offline:start:ready': () => this.#start().catch(endHost),
    'before:offline:start:end': () => this.#mappings?.drain(),
    'before:offline:functionsUpdated:cleanup': () => this.#mappings?.beforeReload(),
    'after:offline:functionsUpdated:cleanup': () => {
      this.#mappings?.afterReload();
    },
    'kafka:lag:show': () => this.#showLag(),
    'kafka:produce:check': () => {
      this.#checkRecord();
    },
    'kafka:produce:send': () => this.#produce().catch((error: unknown) => this.#refuse(error)),
  };
  readonly #serverless: Serverless;
  readonly #cliOptions: Record<string, unknown>;
  /** The topic that `serverless kafka produce` writes to. */
  readonly #topic: string | undefined;
  readonly #log: Log;
  readonly #guarded = new Set<string>();
  #record: Message | undefined;
  #mappings: EventSourceMappings | undefined;

  constructor(serverless: Serverless, cliOptions: Record<string, unknown>, { log }: { log: Log }) {
    this.#serverless = serverless;
    this.#cliOptions = cliOptions;
    this.#log = log;
    this.#topic = topicToProduceTo(serverless.processedInput.commands);
    this.commands = commandsFor(this.#topic);
    // One hook name for every topic, so that other plugins can run something before it.
    this.hooks[`kafka:produce:${this.#topic ?? ''}:start`] = () =>
      serverless.pluginManager.spawn('kafka:produce');
    serverless.configSchemaHandler.defineCustomProperties(settingsSchema);
  }

  /**
   * Called before the framework validates its own schema, whose messages do not name the topic. Settings with
   * unresolved variables (`${param:…}` is resolved later) are checked at the start instead.
   */
  asyncInit(): void {
    const { processedInput, service } = this.#serverless;
    if (processedInput.commands[0] !== 'offline') return;
    if (!JSON.stringify([service.functions, service.resources]).includes('${')) this.#check();
  }

  #check(): MappingDefinition[] {
    return this.#refusing(() => readDefinitions(this.#serverless));
  }

  /** Workers start at the first call, so settings made now reach them. */
  #prepare(): void {
    const { service } = this.#serverless;
    const definitions = this.#check();
    const offline = readOfflineOptions(service, this.#cliOptions);
    const runsInWorkers = !offline.useInProcess && !offline.useDocker;
    for (const { functionKey } of runsInWorkers ? definitions : []) {
      if (this.#guarded.has(functionKey)) continue;
      if (guardWorkers(service.getFunction(functionKey), service.provider)) this.#guarded.add(functionKey);
    }
    for (const warning of warningsFor(definitions, offline)) this.#log.warning(warning);
    for (const logicalId of foreignMappings(this.#serverless)) {
      this.#log.warning(`Resource "${logicalId}" names no function of this service: it is not polled here.`);
    }
  }

  async #start(): Promise<void> {
    const { service } = this.#serverless;
    this.#mappings = this.#refusing(
      () =>
        new EventSourceMappings({
          definitions: readDefinitions(this.#serverless),
          settings: readSettings(service),
          offline: readOfflineOptions(service, this.#cliOptions),
          guarded: this.#guarded,
          serviceDir: this.#serverless.serviceDir,
          log: this.#log,
        }),
    );
    await this.#mappings.start();
  }

  async #showLag(): Promise<void> {
    const lags = await findTriggerLags(this.#check(), readSettings(this.#serverless.service), this.#log);
    const { all, json } = this.#cliOptions;
    const describe = json ? lagAsJson : all ? describeAll : describeBehind;
    process.stdout.write(`${describe(lags, Date.now())}\n`);
  }

  #checkRecord(): void {
    this.#refusing(() => {
      if (this.#topic === undefined) throw topicMissing();
      this.#record = readRecord(this.#cliOptions);
    });
  }

  async #produce(): Promise<void> {
    if (this.#topic === undefined || !this.#record) return;
    const { partition, offset } = await produceRecord(this.#topic, this.#record, {
      definitions: this.#check(),
      settings: readSettings(this.#serverless.service),
      log: this.#log,
    });
    process.stdout.write(`${this.#topic}, partition ${partition}, offset ${offset}\n`);
  }

  /** Its lifecycle has no hook at the end, so triggers could not commit and leave their groups. */
  #refuseBareOffline(): void {
    this.#refusing(() => {
      throw new EventSourceMappingError(
        'BARE_OFFLINE_COMMAND',
        'Kafka triggers need "serverless offline start": with "serverless offline" alone they cannot shut down cleanly.',
      );
    });
  }

  /** The framework prints errors of its own class without a stack trace. */
  #refusing<T>(work: () => T): T {
    try {
      return work();
    } catch (error) {
      this.#refuse(error);
    }
  }

  #refuse(error: unknown): never {
    if (!(error instanceof EventSourceMappingError)) throw error;
    throw new this.#serverless.classes.Error(messageOf(error), error.code);
  }
}

function topicMissing(): EventSourceMappingError {
  return new EventSourceMappingError(
    'TOPIC_MISSING',
    'Name the topic right after the command: serverless kafka produce <topic> --key <key> --value <text>.',
  );
}

/**
 * The host's servers are already listening and would keep the process alive; the framework prints the error
 * first.
 */
function endHost(error: unknown): never {
  setTimeout(() => process.exit(1), 100);
  throw error;
}
