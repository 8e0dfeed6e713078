import type { JsonSchema } from '../json-schema.ts';
import { unacceptable } from './acceptance.ts';
import type { Break } from './break.ts';
import { withoutReferences } from './references.ts';

/** An AsyncAPI document of ours, as far as it is compared. */
export interface AsyncApi {
  readonly channels: Readonly<Record<string, { readonly messages: Readonly<Record<string, Message>> }>>;
  readonly operations: Readonly<Record<string, Operation>>;
}

interface Message {
  readonly payload: JsonSchema;
  readonly headers: JsonSchema;
  readonly bindings?: { readonly kafka: { readonly key: JsonSchema } };
}

interface Operation {
  readonly bindings?: { readonly kafka: { readonly groupId: { readonly enum: readonly string[] } } };
}

/**
 * What consumers and producers of the old document could not do any more: old consumers meet new records, and
 * new consumers meet records of old producers, which are still in the topic after these have gone.
 */
export function brokenTopics(before: AsyncApi, after: AsyncApi): Break[] {
  const old = messagesOf(withoutReferences(before));
  const current = new Map(messagesOf(withoutReferences(after)));
  const messages = old.flatMap(([topic, message]) => {
    const successor = current.get(topic);
    return successor ? brokenMessage(topic, message, successor) : [everybodys(topic, 'the topic is gone')];
  });
  return [...messages, ...lostGroups(before, after)];
}

function messagesOf({ channels }: AsyncApi): [topic: string, Message][] {
  return Object.entries(channels).flatMap(([topic, { messages }]) =>
    Object.values(messages).map((message): [string, Message] => [topic, message]),
  );
}

function brokenMessage(topic: string, old: Message, current: Message): Break[] {
  const reading = unread(current, old).map((reason) => ({ subject: topic, who: 'old consumers', reason }));
  const written = unread(old, current).map((reason) => ({
    subject: topic,
    who: 'new consumers, of old records',
    reason,
  }));
  return [...reading, ...written];
}

/** What the reader's contract does not allow of what the writer's does. */
function unread(writer: Message, reader: Message): string[] {
  return [
    ...unacceptable(writer.payload, reader.payload),
    ...unacceptable(writer.headers, reader.headers).map((reason) => `header ${reason}`),
    ...unacceptable(keyOf(writer), keyOf(reader)).map((reason) => `in the key, ${reason}`),
  ];
}

function keyOf({ bindings }: Message): JsonSchema {
  return bindings?.kafka.key ?? {};
}

/** A group under a new name starts from the beginning of its topic. */
function lostGroups(before: AsyncApi, after: AsyncApi): Break[] {
  const kept = new Set(groupsOf(after));
  const lost = groupsOf(before).filter((group) => !kept.has(group));
  return lost.map((group) =>
    everybodys(group, 'the consumer group is gone, and with it how far it has read'),
  );
}

function groupsOf({ operations }: AsyncApi): string[] {
  return Object.values(operations).flatMap(({ bindings }) => bindings?.kafka.groupId.enum ?? []);
}

function everybodys(subject: string, reason: string): Break {
  return { subject, who: 'everybody', reason };
}
