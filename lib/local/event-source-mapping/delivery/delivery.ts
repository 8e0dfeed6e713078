import { messageOf } from '../errors.ts';
import type { RetryPolicy } from '../mapping/definition.ts';
import type { Undecodable } from '../schema-registry/decode.ts';
import type { FailedBatch, FailureCondition } from './failed-batch.ts';
import type { InvocationResult } from './invocation-result.ts';
import type { SerializedRecord } from './lambda-event.ts';
import type { PartitionProgress } from './partition-progress.ts';
import { pause } from './pause.ts';
import type { Share } from './record-buffer.ts';
import {
  afterBatchFailure,
  afterRecordFailure,
  firstAttempt,
  halves,
  retryDelayMs,
  splitByAge,
  type Attempt,
  type Step,
} from './retry.ts';

/** The delivery's dependencies. */
export interface DeliveryPorts {
  invoke(records: readonly SerializedRecord[]): Promise<InvocationResult>;
  /** Whether an event with this record alone would exceed the limit. */
  isTooLarge(record: SerializedRecord): boolean;
  /** Sends records to the failure destination; without one, reports that they are skipped. */
  discard(batch: FailedBatch): Promise<void>;
  readonly report: AttemptReport;
}

/** Reports failures, one line each. */
export interface AttemptReport {
  attemptFailed(attempt: Attempt, reason: string, next: string): void;
  /** The failure destination did not accept these records; sending is retried. */
  discardFailed(records: readonly SerializedRecord[], reason: string): void;
}

/** One partition's part of a batch. */
export interface BatchPart extends Share {
  readonly progress: PartitionProgress;
}

/**
 * Delivers one batch, from one or several partitions, to the function, one call at a time, and commits the
 * progress. Nothing is committed past a record that is neither processed nor given up. A partition that is
 * closed meanwhile drops out: its records are not sent again, and its offset stays as it is.
 */
export class Delivery {
  readonly #ports: DeliveryPorts;
  readonly #policy: RetryPolicy;
  readonly #parts: readonly BatchPart[];
  /** Aborted when no further call may start; the running call is finished and committed. */
  readonly #stopping: AbortSignal;

  constructor(ports: DeliveryPorts, policy: RetryPolicy, parts: readonly BatchPart[], stopping: AbortSignal) {
    this.#ports = ports;
    this.#policy = policy;
    this.#parts = parts;
    this.#stopping = stopping;
  }

  /** Resolves when every record of the batch is done or the delivery is stopped. */
  async deliver(): Promise<void> {
    let attempts: readonly Attempt[] = [firstAttempt(this.#parts.flatMap(({ records }) => records))];
    while (!this.#stopping.aborted) {
      const [attempt, ...later] = this.#open(attempts);
      if (!attempt) return;
      attempts = [...(await this.#attempt(attempt)), ...later];
      await this.#commit(attempts);
    }
  }

  /** The attempts, without records of closed partitions. */
  #open(attempts: readonly Attempt[]): readonly Attempt[] {
    const closed = this.#parts.filter(({ progress }) => progress.closed.aborted);
    if (closed.length === 0) return attempts;
    const isOpen = ({ partition }: SerializedRecord) =>
      closed.every(({ progress }) => progress.partition !== partition);
    return attempts
      .map((attempt) => ({ ...attempt, records: attempt.records.filter(isOpen) }))
      .filter(({ records }) => records.length > 0);
  }

  /** Commits each partition up to its first pending record. */
  async #commit(attempts: readonly Attempt[]): Promise<void> {
    const pending = new Map<number, number>();
    for (const { partition, offset } of attempts.flatMap(({ records }) => records)) {
      if (!pending.has(partition)) pending.set(partition, offset);
    }
    await Promise.all(
      this.#parts.map(({ progress, endOffset }) =>
        progress.commit(pending.get(progress.partition) ?? endOffset),
      ),
    );
  }

  /** Makes one call and returns the attempts that remain for these records. */
  async #attempt(attempt: Attempt): Promise<readonly Attempt[]> {
    const undecodable = attempt.records.find((record) => record.undecodable)?.undecodable;
    if (undecodable) return this.#discardUndecodable(attempt, undecodable.condition);
    const { fresh, expired } = splitByAge(attempt.records, this.#policy.maximumRecordAgeMs, Date.now());
    if (expired.length > 0) {
      const expiredAttempt = { ...attempt, records: expired };
      if (!(await this.#discard(expiredAttempt, 'RecordAgeExceeded'))) return [attempt];
    }
    const [first] = fresh;
    if (!first) return [];
    const current = { ...attempt, records: fresh };
    if (fresh.length === 1 && this.#ports.isTooLarge(first)) return this.#discardTooLarge(current);
    return this.#invoke(current);
  }

  async #invoke(attempt: Attempt): Promise<readonly Attempt[]> {
    const result = await this.#invokeUntilReached(attempt);
    const called = { ...attempt, invocations: attempt.invocations + 1 };
    switch (result.type) {
      case 'success':
        return [];
      case 'unavailable':
        return [attempt];
      case 'too-large':
        return called.records.length > 1 ? halves(called) : this.#discardTooLarge(called);
      case 'function-error':
        return this.#follow(afterBatchFailure(called, this.#policy), called, result.reason);
      case 'item-failures': {
        const reason = `${result.failed.length} of ${called.records.length} records named as failed`;
        return this.#follow(afterRecordFailure(called, result.failed, this.#policy), called, reason);
      }
    }
  }

  /** A call that does not reach the function is retried without being counted. */
  async #invokeUntilReached(attempt: Attempt): Promise<InvocationResult> {
    for (let failures = 1; ; failures += 1) {
      const result = await this.#ports.invoke(attempt.records);
      if (result.type !== 'unavailable' || this.#isOver()) return result;
      const delayMs = retryDelayMs(failures);
      this.#ports.report.attemptFailed(attempt, `not reached: ${result.reason}`, `next try in ${delayMs} ms`);
      await this.#pause(delayMs);
    }
  }

  async #follow(step: Step, called: Attempt, reason: string): Promise<readonly Attempt[]> {
    if (this.#isClosed()) return [called];
    if (step.type === 'discard') {
      this.#ports.report.attemptFailed(called, reason, 'no retries left');
      return (await this.#discard(step.attempt, 'RetryAttemptsExhausted')) ? [] : [step.attempt];
    }
    const isSplit = step.attempts.length > 1;
    const next = isSplit ? 'splitting the batch in two' : `next try in ${step.delayMs} ms`;
    this.#ports.report.attemptFailed(called, reason, next);
    await this.#pause(step.delayMs);
    return step.attempts;
  }

  /** Gives up the records that cannot be decoded for this reason and keeps the others. */
  async #discardUndecodable(
    attempt: Attempt,
    condition: Undecodable['condition'],
  ): Promise<readonly Attempt[]> {
    const { true: records = [], false: others = [] } = Object.groupBy(attempt.records, ({ undecodable }) =>
      String(undecodable?.condition === condition),
    );
    if (!(await this.#discard({ ...attempt, records }, condition))) return [attempt];
    return others.length > 0 ? [{ ...attempt, records: others }] : [];
  }

  async #discardTooLarge(attempt: Attempt): Promise<readonly Attempt[]> {
    return (await this.#discard(attempt, 'MaximumPayloadSizeExceeded')) ? [] : [attempt];
  }

  /** Retries until the destination has the records; false when stopped first. */
  async #discard(attempt: Attempt, condition: FailureCondition): Promise<boolean> {
    const { records, invocations } = attempt;
    const batch: FailedBatch = { records, condition, invocations, failedAt: new Date() };
    for (let failures = 1; !this.#isOver(); failures += 1) {
      try {
        await this.#ports.discard(batch);
        return true;
      } catch (error) {
        this.#ports.report.discardFailed(records, messageOf(error));
        await this.#pause(retryDelayMs(failures));
      }
    }
    return false;
  }

  /** Waits, but ends early at a stop or the loss of a partition. */
  async #pause(milliseconds: number): Promise<void> {
    const closed = this.#parts.map(({ progress }) => progress.closed).filter(({ aborted }) => !aborted);
    await pause(milliseconds, AbortSignal.any([this.#stopping, ...closed]));
  }

  #isOver(): boolean {
    return this.#stopping.aborted || this.#isClosed();
  }

  #isClosed(): boolean {
    return this.#parts.every(({ progress }) => progress.closed.aborted);
  }
}
