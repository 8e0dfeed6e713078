/** Something that was started and can be stopped. */
interface Stoppable {
  stop(): Promise<void>;
}

const signals = ['SIGINT', 'SIGTERM'] as const;

/**
 * A start in progress that a Ctrl-C ends cleanly, with exit code 0. serverless-offline listens for signals
 * only once it is ready; until {@link handOver}, this does.
 */
export class InterruptibleStart<Started extends Stoppable> {
  readonly #started: Promise<Started>;
  readonly #interruption = new AbortController();
  readonly #onSignal = () => void this.#interrupt();

  /** @param start must undo what it did before it rejects, and reject soon after its signal aborts */
  constructor(start: (signal: AbortSignal) => Promise<Started>) {
    for (const signal of signals) process.on(signal, this.#onSignal);
    this.#started = start(this.#interruption.signal);
    this.#started.catch(() => undefined); // reported by `complete`, maybe later
  }

  /**
   * Fulfilled when the start has finished. After an interruption it stays pending: the process is about to
   * end.
   */
  async complete(): Promise<Started> {
    try {
      return await this.#started;
    } catch (error) {
      if (this.#interruption.signal.aborted) return await new Promise<never>(() => undefined);
      throw error;
    }
  }

  /** Leaves the signals to later listeners. */
  handOver(): void {
    for (const signal of signals) process.off(signal, this.#onSignal);
  }

  /** Aborts the start, or stops what was started. */
  async undo(): Promise<void> {
    this.#interruption.abort();
    await this.#started.then(
      (started) => started.stop(),
      () => undefined,
    );
  }

  async #interrupt(): Promise<void> {
    // The children end with this process in any case: a second Ctrl-C need not wait for them.
    if (this.#interruption.signal.aborted) process.exit(1);
    await this.undo();
    process.exit(0);
  }
}
