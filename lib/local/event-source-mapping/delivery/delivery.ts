import { messageOf } from '../errors.ts';
import type { FailedBatch, FailureCondition } from './failed-batch.ts';
import type { RetryPolicy } from '../mapping/definition.ts';
import { pause } from './pause.ts';
import type { InvocationResult } from './invocation-result.ts';
import type { SerializedRecord } from './lambda-event.ts';
import type { Batch } from './record-buffer.ts';
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

/** What the delivery of one partition's batches needs from outside. */
export interface DeliveryPorts {
  invoke(records: readonly SerializedRecord[]): Promise<InvocationResult>;
  /** Whether an event of one record would be over the limit. */
  isTooLarge(record: SerializedRecord): boolean;
  /** Moves the group's offset of this partition. */
  commit(offset: number): Promise<void>;
  /** Hands records over to the failure destination; without one, says that they are skipped. */
  discard(batch: FailedBatch): Promise<void>;
  readonly report: AttemptReport;
}

/** One line for each thing that went wrong. */
export interface AttemptReport {
  attemptFailed(attempt: Attempt, reason: string, next: string): void;
  problem(message: string): void;
}

/** Aborted signals end a delivery: `stopping` lets the running call finish, `closed` drops its result. */
export interface DeliverySignals {
  readonly stopping: AbortSignal;
  readonly closed: AbortSignal;
}

/**
 * Brings the batches of one partition to the function, one call at a time, and commits what is done.
 * Nothing is committed past a record that is neither processed nor given up.
 */
export class Delivery {
  readonly #ports: DeliveryPorts;
  readonly #policy: RetryPolicy;
  readonly #signals: DeliverySignals;
  #committedOffset: number;

  constructor(ports: DeliveryPorts, policy: RetryPolicy, signals: DeliverySignals, committedOffset: number) {
    this.#ports = ports;
    this.#policy = policy;
    this.#signals = signals;
    this.#committedOffset = committedOffset;
  }

  get committedOffset(): number {
    return this.#committedOffset;
  }

  /** Works until every record of the batch is done, or until it is stopped. */
  async deliver(batch: Batch): Promise<void> {
    let attempts = [firstAttempt(batch.records)];
    for (let [attempt] = attempts; attempt && !this.#signals.stopping.aborted; [attempt] = attempts) {
      const left = await this.#attempt(attempt);
      attempts = [...left, ...attempts.slice(1)];
      await this.commit(attempts[0]?.records[0]?.offset ?? batch.endOffset);
    }
  }

  /** Commits unless it is done already or the partition is gone; tries again until the broker takes it. */
  async commit(offset: number): Promise<void> {
    for (let failures = 1; offset > this.#committedOffset && !this.#signals.closed.aborted; failures += 1) {
      try {
        await this.#ports.commit(offset);
        this.#committedOffset = offset;
      } catch (error) {
        this.#ports.report.problem(`offset ${offset} not committed yet: ${messageOf(error)}`);
        await pause(retryDelayMs(failures), this.#signals.closed);
      }
    }
  }

  /** One call, and what is left to do afterwards for the records of this attempt. */
  async #attempt(attempt: Attempt): Promise<readonly Attempt[]> {
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

  /** A call that does not reach the function is repeated without being counted. */
  async #invokeUntilReached(attempt: Attempt): Promise<InvocationResult> {
    for (let failures = 1; ; failures += 1) {
      const result = await this.#ports.invoke(attempt.records);
      if (result.type !== 'unavailable' || this.#signals.stopping.aborted) return result;
      const delayMs = retryDelayMs(failures);
      this.#ports.report.attemptFailed(attempt, `not reached: ${result.reason}`, `next try in ${delayMs} ms`);
      await pause(delayMs, this.#signals.stopping);
    }
  }

  async #follow(step: Step, called: Attempt, reason: string): Promise<readonly Attempt[]> {
    if (this.#signals.closed.aborted) return [called];
    if (step.type === 'discard') {
      this.#ports.report.attemptFailed(called, reason, 'no retries left');
      return (await this.#discard(step.attempt, 'RetryAttemptsExhausted')) ? [] : [step.attempt];
    }
    const isSplit = step.attempts.length > 1;
    const next = isSplit ? 'splitting the batch in two' : `next try in ${step.delayMs} ms`;
    this.#ports.report.attemptFailed(called, reason, next);
    await pause(step.delayMs, this.#signals.stopping);
    return step.attempts;
  }

  async #discardTooLarge(attempt: Attempt): Promise<readonly Attempt[]> {
    return (await this.#discard(attempt, 'MaximumPayloadSizeExceeded')) ? [] : [attempt];
  }

  /** Tries until the destination has the records; false when it was stopped before. */
  async #discard(attempt: Attempt, condition: FailureCondition): Promise<boolean> {
    const { records, invocations } = attempt;
    const batch: FailedBatch = { records, condition, invocations, failedAt: new Date() };
    for (let failures = 1; !this.#signals.stopping.aborted; failures += 1) {
      try {
        await this.#ports.discard(batch);
        return true;
      } catch (error) {
        this.#ports.report.problem(`failure destination not reached, trying again: ${messageOf(error)}`);
        await pause(retryDelayMs(failures), this.#signals.stopping);
      }
    }
    return false;
  }
}
