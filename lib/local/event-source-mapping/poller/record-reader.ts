import { serializeRecord, type FetchedMessage, type SerializedRecord } from '../delivery/lambda-event.ts';
import { matchesFilterCriteria } from '../filter/filter-criteria.ts';
import type { MappingDefinition } from '../mapping/definition.ts';

/** Turns fetched messages into event records, without those that the mapping's filters drop. */
export interface RecordReader {
  /** Whether `read` has everything it needs for these messages. */
  isReadyFor(messages: readonly FetchedMessage[]): boolean;
  /** Resolves once it does, or when `stopping` aborts. */
  prepareFor(messages: readonly FetchedMessage[], stopping: AbortSignal): Promise<void>;
  read(partition: number, messages: readonly FetchedMessage[]): SerializedRecord[];
}

/** Reads records as they are on the topic. */
export class PlainRecordReader implements RecordReader {
  readonly #definition: MappingDefinition;

  constructor(definition: MappingDefinition) {
    this.#definition = definition;
  }

  isReadyFor(): boolean {
    return true;
  }

  prepareFor(): Promise<void> {
    return Promise.resolve();
  }

  read(partition: number, messages: readonly FetchedMessage[]): SerializedRecord[] {
    const { topic, filterCriteria } = this.#definition;
    return messages
      .filter(({ value }) => matchesFilterCriteria(filterCriteria, value))
      .map((message) => serializeRecord(topic, partition, message));
  }
}
