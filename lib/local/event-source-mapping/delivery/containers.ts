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
 * The containers of one function, as far as calls know them. A call that finds all of them busy waits for one
 * to come free before it has the host start another: on a machine whose cores are all at work one more takes
 * its time from the others, for its start, for code that must be compiled again, and for a heap of its own.
 */
export class Containers {
  readonly #spareCoreDuring: SpareCoreDuring;
  #started = 0;
  #busy = 0;
  /** Those that are busy with their first call; until it ends nobody knows what they will achieve. */
  #cold = 0;
  /** Calls that wait, in the order they came; each learns whether its container is being started for it. */
  readonly #waiting = new Set<(isCold: boolean) => void>();
  #isWatching = false;

  constructor(spareCoreDuring: SpareCoreDuring = hasSpareCoreDuring) {
    this.#spareCoreDuring = spareCoreDuring;
  }

  /** Makes the call in a free container, or in a new one. */
  async use<T>(call: () => Promise<T>): Promise<T> {
    const isCold = await this.#take();
    try {
      return await call();
    } finally {
      if (isCold) this.#cold -= 1;
      this.#giveBack();
    }
  }

  /** @returns whether the container is a new one */
  async #take(): Promise<boolean> {
    if (this.#started === 0) return this.#start();
    if (this.#busy === this.#started) return this.#wait();
    this.#busy += 1;
    return false;
  }

  #start(): true {
    this.#started += 1;
    this.#busy += 1;
    this.#cold += 1;
    return true;
  }

  async #wait(): Promise<boolean> {
    const turn = Promise.withResolvers<boolean>();
    this.#waiting.add(turn.resolve);
    const timer = setTimeout(() => {
      this.#startFor(turn.resolve);
    }, maximumWaitMs);
    void this.#watch();
    const isCold = await turn.promise;
    clearTimeout(timer);
    return isCold;
  }

  /** Looks, for as long as calls wait, whether another container could be of use. */
  async #watch(): Promise<void> {
    if (this.#isWatching) return;
    this.#isWatching = true;
    while (this.#waiting.size > 0) {
      const isWarm = this.#cold === 0;
      const hasSpareCore = await this.#spareCoreDuring(observationMs);
      const [next] = this.#waiting;
      if (next && isWarm && hasSpareCore) this.#startFor(next);
    }
    this.#isWatching = false;
  }

  #startFor(waiting: (isCold: boolean) => void): void {
    if (this.#waiting.delete(waiting)) waiting(this.#start());
  }

  /** A container that somebody waits for stays busy. */
  #giveBack(): void {
    const [next] = this.#waiting;
    if (!next) this.#busy -= 1;
    else {
      this.#waiting.delete(next);
      next(false);
    }
  }
}
