import type { PublishReport, Refusal } from '../../../lib/kafka/publish-each.ts';
import type { ReportingPublisher } from '../../../lib/kafka/publisher.ts';
import type { OutgoingRecord } from '../../../lib/kafka/records.ts';
import { ownTopicOf, toOriginalRecord, toRedrivenRecord } from '../dead-letter.ts';
import { InvalidRequestError } from '../errors.ts';
import type { Redrivable, RefusedDeadLetter, Resent } from '../store/redrive-step.ts';

/**
 * Sends dead letters to the topic that an operator named, else to the one that their dead-letter topic
 * belongs to. A header does not decide where they go, since any producer can write one: a dead letter whose
 * header names a third topic is refused.
 * @throws InvalidRequestError when Kafka does not accept the topic that was named; nothing was sent then
 */
export async function resend(
  publisher: Pick<ReportingPublisher, 'publishEach'>,
  letters: readonly Redrivable[],
  namedTopic: string | undefined,
): Promise<Resent> {
  const strays = namedTopic === undefined ? letters.filter(isStray) : [];
  const recordsOf = (toRecord: typeof toRedrivenRecord, some: readonly Redrivable[]) =>
    new Map(some.map((letter) => [toRecord(letter, namedTopic ?? ownTopicOf(letter.topic)), letter]));

  const sendable = letters.filter((letter) => !strays.includes(letter));
  const first = await send(publisher, recordsOf(toRedrivenRecord, sendable));
  if (namedTopic !== undefined) ensureAccepted(first);
  const tooLarge = first.refused.filter(({ error }) => error.isTooLarge).map(({ letter }) => letter);
  const second = await send(publisher, recordsOf(toOriginalRecord, tooLarge));

  const refused = [...first.refused.filter(({ error }) => !error.isTooLarge), ...second.refused];
  const outage = first.outage ?? second.outage;
  return {
    acknowledged: [...first.acknowledged, ...second.acknowledged],
    refused: [...strays.map(strayRefusal), ...refused.map(kafkaRefusal)],
    ...(outage && { outage }),
  };
}

interface RefusedByKafka {
  readonly letter: Redrivable;
  readonly record: OutgoingRecord;
  readonly error: Refusal['error'];
}

interface Sent extends Pick<PublishReport, 'outage'> {
  readonly acknowledged: readonly number[];
  readonly refused: readonly RefusedByKafka[];
}

async function send(
  publisher: Pick<ReportingPublisher, 'publishEach'>,
  letters: ReadonlyMap<OutgoingRecord, Redrivable>,
): Promise<Sent> {
  if (letters.size === 0) return { acknowledged: [], refused: [] };
  const { acknowledged, refused, outage } = await publisher.publishEach([...letters.keys()]);
  return {
    acknowledged: acknowledged.flatMap((record) => letters.get(record)?.deadLetterId ?? []),
    refused: refused.flatMap(({ record, error }) => {
      const letter = letters.get(record);
      return letter ? [{ letter, record, error }] : [];
    }),
    ...(outage && { outage }),
  };
}

/** A mistyped topic is the request's fault; the dead letters are not parked for it. */
function ensureAccepted({ acknowledged, refused }: Sent): void {
  const refusal = refused.find(({ error }) => error.scope === 'topic');
  if (!refusal || acknowledged.length > 0) return;
  const { message } = refusal.error;
  const fields = [{ path: ['target'], detail: message }];
  throw new InvalidRequestError(`target: ${message}`, { cause: refusal.error, fields });
}

function isStray({ topic, originalTopic }: Redrivable): boolean {
  return originalTopic !== ownTopicOf(topic);
}

function strayRefusal({ deadLetterId, topic, originalTopic }: Redrivable): RefusedDeadLetter {
  const reason = `Its header names the topic ${originalTopic}, but ${topic} holds dead letters of ${ownTopicOf(topic)}. Name a target to send it.`;
  return { id: deadLetterId, topic: originalTopic, reason };
}

function kafkaRefusal({ letter, record, error }: RefusedByKafka): RefusedDeadLetter {
  return { id: letter.deadLetterId, topic: record.topic, reason: error.message };
}
