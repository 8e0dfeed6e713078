/** A command of the plugin, as the framework expects it to be declared. */
export interface Command {
  readonly usage: string;
  readonly lifecycleEvents?: readonly string[];
  readonly options?: Readonly<
    Record<string, { readonly usage: string; readonly type: 'boolean' | 'string' | 'multiple' }>
  >;
  readonly commands?: Readonly<Record<string, Command>>;
}

const lag: Command = {
  usage: 'Shows which Kafka triggers are behind, and how old their oldest waiting record is',
  lifecycleEvents: ['show'],
  options: {
    all: { usage: 'All partitions, not just those that are behind', type: 'boolean' },
    json: { usage: 'All partitions as JSON', type: 'boolean' },
  },
};

const produce: Command = {
  usage: 'Writes one record: serverless kafka produce <topic> --key <key> --value <text>',
  lifecycleEvents: ['check', 'send'],
  options: {
    key: { usage: 'The key; without this option the record has none', type: 'string' },
    value: { usage: 'The value, as text', type: 'string' },
    file: { usage: 'The value, as the bytes of a file ("-": standard input)', type: 'string' },
    header: { usage: 'A header, as name=value; may be repeated', type: 'multiple' },
  },
};

/**
 * The subcommands of `serverless kafka`. The framework has no positional arguments, so the target topic
 * becomes a subcommand of `produce`.
 */
export function commandsFor(topic: string | undefined): Record<string, Command> {
  const commands = topic === undefined ? {} : { [topic]: { ...produce, lifecycleEvents: ['start'] } };
  return {
    kafka: { usage: 'Kafka triggers on this machine', commands: { lag, produce: { ...produce, commands } } },
  };
}

/** The topic of `serverless kafka produce <topic>`. */
export function topicToProduceTo(commands: readonly string[]): string | undefined {
  const [first, second, topic] = commands;
  return first === 'kafka' && second === 'produce' ? topic : undefined;
}
