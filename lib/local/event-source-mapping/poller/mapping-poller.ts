import type { Consumer, EachBatchPayload, Kafka } from 'kafkajs';
import type { Containers } from '../delivery/containers.ts';
import type { FetchedMessage } from '../delivery/lambda-event.ts';
import { PartitionProgress } from '../delivery/partition-progress.ts';
import { pause, untilAborted } from '../delivery/pause.ts';
import { messageOf } from '../errors.ts';
import { withAdmin } from '../kafka/client.ts';
import type { MappingDefinition } from '../mapping/definition.ts';
import { AssignedPartition } from './assigned-partition.ts';
import { Assignment } from './assignment.ts';
import { Dispatcher, type PartitionsPerCall } from './dispatcher.ts';
import { endOffsetOf, isAtEnd } from './fetched-batch.ts';
import { GroupCommits } from './group-commits.ts';
import type { MappingReport } from './mapping-report.ts';
import { PollerStates, type Ticket } from './poller-state.ts';
import type { RecordDelivery } from './record-delivery.ts';
import type { RecordReader } from './record-reader.ts';
import { findStartOffsets } from './start-offsets.ts';

/** The shortest session timeout that brokers allow by default, so that a killed process is soon replaced. */
const sessionTimeoutMs = 6000;
const heartbeatIntervalMs = 500;
/**
 * An idle mapping fetches twice a second; no less often, since kafkajs sends its heartbeats between fetches.
 */
const maximumFetchWaitMs = 500;
/** How long records wait on the broker while the function is busy; more would delay heartbeats. */
const maximumHoldMs = 50;
/** All partitions of a fetch are processed concurrently, so that one cannot delay another. */
const partitionsAtOnce = 100;
/** How soon added partitions are noticed. */
const metadataMaximumAgeMs = 3000;
const retryIntervalMs = 1000;

/**
 * Reads one topic for one function as a member of the mapping's group and passes its records to the
 * dispatcher.
 */
export class MappingPoller {
  readonly #definition: MappingDefinition;
  readonly #kafka: Kafka;
  readonly #reader: RecordReader;
  readonly #delivery: RecordDelivery;
  readonly #report: MappingReport;
  readonly #dispatcher: Dispatcher;
  readonly #assignment: Assignment;
  readonly #commits = new GroupCommits(async (offsets) => {
    await this.#consumer?.commitOffsets([...offsets].map((entry) => this.#topicOffset(...entry)));
  });
  readonly #states = new PollerStates();
  readonly #stopping = new AbortController();
  readonly #ready = Promise.withResolvers<undefined>();
  #consumer: Consumer | undefined;
  #isReported = false;
  #lastWaiting = '';

  constructor(options: {
    definition: MappingDefinition;
    kafka: Kafka;
    reader: RecordReader;
    delivery: RecordDelivery;
    containers: Containers;
    report: MappingReport;
    partitionsPerCall: PartitionsPerCall;
  }) {
    this.#definition = options.definition;
    this.#kafka = options.kafka;
    this.#reader = options.reader;
    this.#delivery = options.delivery;
    this.#report = options.report;
    this.#dispatcher = new Dispatcher({
      limits: this.#delivery.limits,
      partitionsPerCall: options.partitionsPerCall,
      containers: options.containers,
      deliver: (parts, stopping) => this.#delivery.deliver(parts, stopping),
      onSpace: (partition) => {
        this.#resume(partition);
      },
    });
    this.#assignment = new Assignment(this.#dispatcher, (...start) => this.#createPartition(...start));
  }

  /** Resolves when records are being read, or when reading must wait for a broker or a topic. */
  async start(): Promise<void> {
    void this.#open();
    await this.#ready.promise;
  }

  /** Stops reading, lets running calls finish until `deadline` aborts, and leaves the group. */
  async drain(deadline: AbortSignal): Promise<void> {
    this.#states.enter('draining');
    this.#stopping.abort();
    await this.#assignment.drain(deadline);
    // Without a broker there is no group to leave.
    await untilAborted(Promise.all([this.#leave(), this.#delivery.close()]), deadline);
  }

  /** Joins the group, retrying until that succeeds. */
  async #open(): Promise<void> {
    while (!this.#stopping.signal.aborted) {
      try {
        await this.#untilTopicExists();
        await this.#join();
        return;
      } catch (error) {
        this.#waiting(`not connected, retrying: ${messageOf(error)}`);
        await this.#leave();
        await pause(retryIntervalMs, this.#stopping.signal);
      }
    }
  }

  async #untilTopicExists(): Promise<void> {
    const { topic } = this.#definition;
    while (!this.#stopping.signal.aborted) {
      const topics = await withAdmin(this.#kafka, (admin) => admin.listTopics());
      if (topics.includes(topic)) return;
      this.#waiting('the topic does not exist yet, waiting for it');
      await pause(retryIntervalMs, this.#stopping.signal);
    }
  }

  async #join(): Promise<void> {
    if (this.#stopping.signal.aborted) return;
    const consumer = this.#kafka.consumer({
      groupId: this.#definition.groupId,
      sessionTimeout: sessionTimeoutMs,
      heartbeatInterval: heartbeatIntervalMs,
      rebalanceTimeout: sessionTimeoutMs,
      maxWaitTimeInMs: maximumFetchWaitMs,
      metadataMaxAge: metadataMaximumAgeMs,
      allowAutoTopicCreation: false,
    });
    this.#consumer = consumer;
    this.#listen(consumer);
    await consumer.connect();
    // If the committed offset is no longer in the log, reading continues from the earliest record.
    await consumer.subscribe({ topic: this.#definition.topic, fromBeginning: true });
    await consumer.run({
      autoCommit: false,
      eachBatchAutoResolve: false,
      partitionsConsumedConcurrently: partitionsAtOnce,
      eachBatch: async (payload) => {
        this.#receive(payload);
        await this.#holdNextFetch(payload);
      },
    });
  }

  async #leave(): Promise<void> {
    await this.#consumer?.disconnect().catch((error: unknown) => {
      this.#report.detail(`could not leave the group cleanly: ${messageOf(error)}`);
    });
  }

  #listen(consumer: Consumer): void {
    const { topic } = this.#definition;
    consumer.on(consumer.events.GROUP_JOIN, ({ payload }) => {
      void this.#assigned(consumer, payload.memberAssignment[topic] ?? []);
    });
    consumer.on(consumer.events.END_BATCH_PROCESS, ({ payload }) => {
      // Only transaction markers or aborted records: kafkajs advances by itself, so the commit must follow.
      if (payload.batchSize > 0 || this.#states.current !== 'reading') return;
      const partition = this.#assignment.find(payload.partition);
      if (partition) this.#dispatcher.receive(partition, [], Number(payload.lastOffset) + 1);
    });
    consumer.on(consumer.events.STOP, () => {
      this.#states.enterUnlessDraining('joining');
    });
    consumer.on(consumer.events.CRASH, ({ payload }) => {
      this.#waiting(`connection lost, rejoining: ${messageOf(payload.error)}`);
      if (!payload.restart) this.#reopen(consumer);
    });
  }

  /** kafkajs restarts after most failures but not all. */
  #reopen(crashed: Consumer): void {
    if (crashed !== this.#consumer) return;
    this.#states.enterUnlessDraining('joining');
    void pause(retryIntervalMs, this.#stopping.signal).then(() => this.#open());
  }

  /** Nothing is fetched until the start offsets of a new assignment are known and committed. */
  async #assigned(consumer: Consumer, partitions: readonly number[]): Promise<void> {
    const ticket = this.#states.enterUnlessDraining('settling');
    if (!ticket) return;
    consumer.pause([{ topic: this.#definition.topic }]);
    this.#assignment.retain(partitions);
    while (this.#states.isCurrent(ticket)) {
      try {
        await this.#settle(consumer, partitions, ticket);
        return;
      } catch (error) {
        this.#report.problem(`start offsets not known yet, retrying: ${messageOf(error)}`);
        await pause(retryIntervalMs, this.#stopping.signal);
      }
    }
  }

  async #settle(consumer: Consumer, partitions: readonly number[], ticket: Ticket): Promise<void> {
    const { topic, groupId, startingPosition: position } = this.#definition;
    const start = await withAdmin(this.#kafka, (admin) =>
      findStartOffsets(admin, { groupId, topic, position }),
    );
    if (!this.#states.isCurrent(ticket)) return;
    if (start.uncommitted.size > 0) {
      await consumer.commitOffsets([...start.uncommitted].map((entry) => this.#topicOffset(...entry)));
    }
    if (!this.#states.isCurrent(ticket)) return;
    this.#assignment.settle(partitions, start);
    for (const partition of partitions) {
      consumer.seek(this.#topicOffset(partition, this.#assignment.find(partition)?.buffer.endOffset ?? 0));
    }
    consumer.resume([{ topic }]);
    this.#states.enter('reading');
    this.#started(partitions);
  }

  /** Called by kafkajs with the records of one partition from one fetch. */
  #receive(payload: EachBatchPayload): void {
    const { batch } = payload;
    const { topic } = this.#definition;
    const current = this.#assignment.find(batch.partition);
    if (!current || this.#states.current !== 'reading' || payload.isStale()) return;
    if (!this.#reader.isReadyFor(batch.messages)) {
      this.#prepare(current, batch.messages);
      return;
    }
    // Lower offsets than requested: the topic was deleted and recreated, so its log starts over.
    const firstOffset = Number(batch.firstOffset());
    const isNewLog = firstOffset < current.buffer.endOffset;
    const partition = isNewLog ? this.#assignment.restart(batch.partition, firstOffset) : current;
    const records = this.#reader.read(batch.partition, batch.messages);
    const endOffset = endOffsetOf(batch);
    this.#dispatcher.receive(partition, records, endOffset);
    payload.resolveOffset(String(endOffset - 1));
    if (this.#dispatcher.isSaturated(partition))
      this.#consumer?.pause([{ topic, partitions: [batch.partition] }]);
  }

  /**
   * kafkajs fetches again when this resolves. While the function is busy, new records would be fetched one by
   * one; instead they are fetched together once it is free.
   */
  async #holdNextFetch({ batch }: EachBatchPayload): Promise<void> {
    if (!isAtEnd(batch) || this.#dispatcher.isOpen) return;
    await this.#dispatcher.untilNextDispatch(maximumHoldMs);
  }

  /** Drops the fetched records; they are fetched again once they can be decoded. */
  #prepare(partition: AssignedPartition, messages: readonly FetchedMessage[]): void {
    const { topic } = this.#definition;
    this.#consumer?.pause([{ topic, partitions: [partition.partition] }]);
    void this.#reader.prepareFor(messages, this.#stopping.signal).then(() => {
      this.#resume(partition);
    });
  }

  #resume(partition: AssignedPartition): void {
    if (this.#states.current !== 'reading' || this.#dispatcher.isSaturated(partition)) return;
    this.#consumer?.resume([{ topic: this.#definition.topic, partitions: [partition.partition] }]);
  }

  #createPartition(partition: number, startOffset: number): AssignedPartition {
    const progress = new PartitionProgress(partition, startOffset, {
      commit: (offset) => this.#commits.commit(partition, offset),
      problem: (message) => {
        this.#report.problem(`partition ${partition}: ${message}`);
      },
    });
    return new AssignedPartition(progress);
  }

  #topicOffset(partition: number, offset: number): { topic: string; partition: number; offset: string } {
    return { topic: this.#definition.topic, partition, offset: String(offset) };
  }

  #started(partitions: readonly number[]): void {
    if (this.#lastWaiting !== '') this.#report.recovered(partitions);
    else if (this.#isReported) this.#report.detail(`partitions ${partitions.join(', ') || 'none'}`);
    else this.#report.started(partitions);
    this.#isReported = true;
    this.#lastWaiting = '';
    this.#ready.resolve(undefined);
  }

  /** Reports once what it is waiting for. */
  #waiting(message: string): void {
    if (message !== this.#lastWaiting) this.#report.problem(message);
    this.#lastWaiting = message;
    this.#ready.resolve(undefined);
  }
}
