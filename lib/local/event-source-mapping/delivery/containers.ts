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
 * The containers of one function, as far as calls know them. Work that finds all of them busy waits for one
 * to come free before the host may start another: on a machine whose cores are all at work one more takes its
 * time from the others, for its start, for code that must be compiled again, and for a heap of its own.
 */
export class Containers {
  readonly #spareCoreDuring: SpareCoreDuring;
  /** How many calls may run side by side. The host starts a container when a call finds none idle. */
  #allowed = 1;
  #busy = 0;
  /** Those that have finished a call. */
  #warm = 0;
  /** Those that are busy with their first call; until it ends nobody knows what they will achieve. */
  #cold = 0;
  /** In the order they came. */
  readonly #waiting = new Set<() => void>();
  #isWatching = false;

  constructor(spareCoreDuring: SpareCoreDuring = hasSpareCoreDuring) {
    this.#spareCoreDuring = spareCoreDuring;
  }

  /** Whether a call would begin at once. */
  get hasFree(): boolean {
    return this.#busy < this.#allowed;
  }

  /** Makes the call in a free container, or in a new one. */
  async use<T>(call: () => Promise<T>): Promise<T> {
    while (!this.hasFree) await this.untilFree();
    const isCold = this.#busy - this.#cold === this.#warm;
    this.#busy += 1;
    if (isCold) this.#cold += 1;
    try {
      return await call();
    } finally {
      this.#giveBack(isCold);
    }
  }

  /** Resolves when a call has ended or another container may be started; somebody else may be faster then. */
  async untilFree(): Promise<void> {
    if (this.hasFree) return;
    const turn = Promise.withResolvers<undefined>();
    this.#waiting.add(() => {
      turn.resolve(undefined);
    });
    const timer = setTimeout(() => {
      this.#allowAnother();
    }, maximumWaitMs);
    void this.#watch();
    await turn.promise;
    clearTimeout(timer);
  }

  /** Looks, for as long as somebody waits, whether another container could be of use. */
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

  /** Wakes all: the first one takes what is free, and the others wait on in their order. */
  #wake(): void {
    const waiting = [...this.#waiting];
    this.#waiting.clear();
    for (const wake of waiting) wake();
  }
}
