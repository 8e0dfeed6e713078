import { hasSpareCoreDuring } from './spare-core.ts';

/**
 * How long calls have to queue, on a machine with a core to spare meanwhile, before another container is
 * started.
 */
const observationMs = 300;
/** However busy the machine is, no call waits longer: its partition may be behind one that is stuck. */
const maximumWaitMs = 1000;

/** Waits `ms` and tells whether the machine had a core to spare meanwhile. */
export type SpareCoreDuring = (ms: number) => Promise<boolean>;

/**
 * The containers of one function. Work that finds all of them busy waits for a free one before another may be
 * started: when every core is busy, a new container slows the others down, for its start, for compiling the
 * code again, and for its heap.
 */
export class Containers {
  readonly #spareCoreDuring: SpareCoreDuring;
  /** How many calls may run concurrently. The host starts a container when a call finds none idle. */
  #allowed = 1;
  #busy = 0;
  /** Containers that have finished a call. */
  #warm = 0;
  /** Containers busy with their first call; their speed is unknown until it ends. */
  #cold = 0;
  /** In order of arrival. */
  readonly #waiting = new Set<() => void>();
  #isWatching = false;

  constructor(spareCoreDuring: SpareCoreDuring = hasSpareCoreDuring) {
    this.#spareCoreDuring = spareCoreDuring;
  }

  /** Whether a call would start at once. */
  get hasFree(): boolean {
    return this.#busy < this.#allowed;
  }

  /** Makes the call in a free container or a new one. */
  async use<T>(call: () => Promise<T>): Promise<T> {
    const since = Date.now();
    while (!this.hasFree) await this.untilFree(since);
    const isCold = this.#busy - this.#cold === this.#warm;
    this.#busy += 1;
    if (isCold) this.#cold += 1;
    try {
      return await call();
    } finally {
      this.#giveBack(isCold);
    }
  }

  /**
   * Resolves when a call has ended or another container may be started; another caller may still be faster.
   * @param since when the caller began to wait, in ms since 1970
   */
  async untilFree(since: number): Promise<void> {
    if (this.hasFree) return;
    const turn = Promise.withResolvers<undefined>();
    this.#waiting.add(() => {
      turn.resolve(undefined);
    });
    const timer = setTimeout(
      () => {
        this.#allowAnother();
      },
      since + maximumWaitMs - Date.now(),
    );
    void this.#watch();
    await turn.promise;
    clearTimeout(timer);
  }

  /** While calls wait, keeps checking whether another container would help. */
  async #watch(): Promise<void> {
    if (this.#isWatching) return;
    this.#isWatching = true;
    while (this.#waiting.size > 0) {
      const isWarm = this.#cold === 0;
      const hasSpareCore = await this.#spareCoreDuring(observationMs);
      if (isWarm && hasSpareCore) this.#allowAnother();
    }
    this.#isWatching = false;
  }

  #allowAnother(): void {
    if (this.#waiting.size === 0) return;
    this.#allowed += 1;
    this.#wake();
  }

  #giveBack(wasCold: boolean): void {
    this.#busy -= 1;
    if (wasCold) {
      this.#cold -= 1;
      this.#warm += 1;
    }
    this.#wake();
  }

  /** Wakes all waiting calls: the first takes the free container, and the others keep waiting in order. */
  #wake(): void {
    const waiting = [...this.#waiting];
    this.#waiting.clear();
    for (const wake of waiting) wake();
  }
}
