/** Every command of the plugin, as the framework wants them declared. */
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
    key: { usage: 'The key; without it the record has none', type: 'string' },
    value: { usage: 'The value, as text', type: 'string' },
    file: { usage: 'The value, as the bytes of a file ("-": standard input)', type: 'string' },
    header: { usage: 'A header, as name=value; may be given several times', type: 'multiple' },
  },
};

/**
 * The commands below `serverless kafka`. The framework has no positional arguments, so the topic that is
 * written to becomes a command of its own, below `produce`.
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
