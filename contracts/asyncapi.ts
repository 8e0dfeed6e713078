import { type Contract, deadLetterTopicOf, isDeadLetterTopic } from '../lib/contracts/contract.ts';
import { deadLetterHeader } from '../lib/kafka/dead-letter.ts';
import { type JsonSchema, jsonSchemaOf } from './json-schema.ts';
import type { MappedTrigger } from './service-map.ts';

/** An event topic: what it promises, who publishes there, and a value as an example. */
export interface DescribedTopic {
  readonly contract: Contract;
  readonly summary: string;
  /** Keys of the functions that publish; relayOutbox publishes what a request could not. */
  readonly publishers: readonly [string, ...string[]];
  /** The `ce_source` of the events. */
  readonly source: string;
  readonly example: object;
}

/**
 * The AsyncAPI 3.0 document of the topics: channels, messages with their headers, publishers and consumer
 * groups.
 */
export function asyncApiDocument(
  topics: readonly DescribedTopic[],
  triggers: readonly MappedTrigger[],
  version: string,
): object {
  const channels = topics.flatMap((topic) => [channelOf(topic), deadLetterChannelOf(topic)]);
  const operations = [
    ...topics.flatMap((topic) => topic.publishers.map((publisher) => sendOperation(publisher, topic))),
    ...triggers.map(receiveOperation),
    ...triggers
      .filter(({ topic }) => !isDeadLetterTopic(topic))
      .map((trigger) => deadLetterOperation(trigger)),
  ];
  return {
    asyncapi: '3.0.0',
    info: {
      title: 'OpenOrder',
      version,
      description:
        'Topics of OpenOrder. Values are JSON; unknown fields are ignored. Records of one order share its id as their key, so they keep their order.',
      license: { name: 'MIT', url: 'https://spdx.org/licenses/MIT.html' },
      contact: { name: 'OpenOrder', url: 'https://openorder.example' },
    },
    defaultContentType: 'application/json',
    servers: {
      laptop: { host: '127.0.0.1:9092', protocol: 'kafka', description: 'npm start' },
    },
    channels: Object.fromEntries(channels),
    operations: Object.fromEntries(operations),
    components: {
      messages: Object.fromEntries(topics.map((topic) => [topic.contract.topic, messageOf(topic)])),
      schemas: { DeadLetterHeaders: deadLetterHeaders },
    },
  };
}

const orderKey = { type: 'string', pattern: '^[1-9][0-9]*$', description: "The order's id in decimal." };

function messageOf({ contract, summary, source, example }: DescribedTopic): object {
  return {
    name: contract.topic,
    title: contract.topic,
    summary,
    contentType: 'application/json',
    headers: eventHeaders(contract.topic, source),
    payload: jsonSchemaOf(contract.schema, 'draft-07'),
    bindings: { kafka: { key: orderKey, bindingVersion: '0.5.0' } },
    examples: [{ name: 'usual', payload: example }],
  };
}

/** CloudEvents 1.0 in binary mode. Readers need none of them: a hand-written record has none. */
function eventHeaders(type: string, source: string): JsonSchema {
  return {
    type: 'object',
    properties: {
      ce_specversion: { const: '1.0' },
      ce_id: { type: 'string', format: 'uuid', description: 'The same in every copy of an event.' },
      ce_source: { const: source },
      ce_type: { const: type },
      ce_time: { type: 'string', format: 'date-time' },
      'content-type': { const: 'application/json' },
      traceparent: { type: 'string', pattern: '^00-[0-9a-f]{32}-[0-9a-f]{16}-[0-9a-f]{2}$' },
    },
  };
}

const numberOfBytes = { type: 'string', format: 'binary' };
const headerText = { type: 'string' };

/** What a dead letter has besides the headers of the record that failed. */
const deadLetterHeaders: JsonSchema = {
  type: 'object',
  description:
    "The failed record's own headers and these, named as Spring Kafka names them; https://docs.spring.io/spring-kafka/reference/kafka/annotation-error-handling.html#dlpr-headers",
  required: [deadLetterHeader.originalTopic, deadLetterHeader.originalConsumerGroup],
  properties: {
    ...Object.fromEntries(Object.values(deadLetterHeader).map((name) => [name, headerText])),
    [deadLetterHeader.originalPartition]: { ...numberOfBytes, description: '4 bytes, big-endian.' },
    [deadLetterHeader.deliveryAttempt]: {
      ...numberOfBytes,
      description: 'How often the record was attempted; 4 bytes, big-endian.',
    },
    [deadLetterHeader.originalOffset]: { ...numberOfBytes, description: '8 bytes, big-endian.' },
    [deadLetterHeader.originalTimestamp]: { ...numberOfBytes, description: '8 bytes, big-endian, in ms.' },
  },
};

type Named = readonly [name: string, object];

function channelOf({ contract: { topic }, summary }: DescribedTopic): Named {
  const messages = { [topic]: { $ref: `#/components/messages/${topic}` } };
  return [topic, { address: topic, title: topic, description: summary, messages }];
}

function deadLetterChannelOf({ contract }: DescribedTopic): Named {
  const topic = deadLetterTopicOf(contract.topic);
  const message = {
    name: topic,
    title: topic,
    summary: `A record of ${contract.topic} that a function could not handle: its key and value byte for byte, whatever they are.`,
    contentType: 'application/octet-stream',
    headers: { $ref: '#/components/schemas/DeadLetterHeaders' },
    payload: { type: 'string', format: 'binary' },
  };
  return [
    topic,
    {
      address: topic,
      title: topic,
      description: `Dead letters of ${contract.topic}.`,
      messages: { [topic]: message },
    },
  ];
}

function sendOperation(publisher: string, { contract: { topic } }: DescribedTopic): Named {
  return [`${publisher}.publishes.${topic}`, operation('send', topic, `${publisher} publishes ${topic}`)];
}

function receiveOperation({ functionKey, topic, consumerGroup }: MappedTrigger): Named {
  const bindings = { kafka: { groupId: { type: 'string', enum: [consumerGroup] }, bindingVersion: '0.5.0' } };
  const summary = `${functionKey} reads ${topic}`;
  return [`${functionKey}.reads.${topic}`, { ...operation('receive', topic, summary), bindings }];
}

function deadLetterOperation({ functionKey, topic }: MappedTrigger): Named {
  const deadLetters = deadLetterTopicOf(topic);
  const summary = `${functionKey} puts what it cannot handle on ${deadLetters}`;
  return [`${functionKey}.publishes.${deadLetters}`, operation('send', deadLetters, summary)];
}

function operation(action: 'send' | 'receive', topic: string, summary: string): object {
  const channel = `#/channels/${topic}`;
  return {
    action,
    summary,
    title: summary,
    channel: { $ref: channel },
    messages: [{ $ref: `${channel}/messages/${topic}` }],
  };
}
