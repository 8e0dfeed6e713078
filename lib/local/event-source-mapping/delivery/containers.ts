import { pause } from '../poller/pause.ts';
import { hasSpareCoreDuring } from './spare-core.ts';

/** A call waits so long for a container before it looks whether another one could be used, and looks again as often. */
const LOOK_INTERVAL_MS = 100;
/** However busy the machine is, a call waits no longer: its partition may be behind one that is stuck. */
const MAXIMUM_WAIT_MS = 1000;

/** Waits `ms`, or until the abort, and tells whether the machine had a core to spare meanwhile. */
export type SpareCoreDuring = (ms: number, signal: AbortSignal) => Promise<boolean>;

/**
 * The containers of one function, as far as calls know them. A call that finds all of them busy waits for one to come free before it has
 * the host start another: on a machine whose cores are all at work one more takes its time from the others, for its start, for code that
 * has to be compiled anew, and for a heap of its own.
 */
export class Containers {
  readonly #spareCoreDuring: SpareCoreDuring;
  /** How many the host has started for these calls. */
  #started = 0;
  #busy = 0;
  /** Calls that wait, in the order they came; each is woken when a container is handed over to it. */
  readonly #waiting = new Set<() => void>();

  constructor(spareCoreDuring: SpareCoreDuring = hasSpareCoreDuring) {
    this.#spareCoreDuring = spareCoreDuring;
  }

  /** Makes the call in a free container, or in a new one. */
  async use<T>(call: () => Promise<T>): Promise<T> {
    await this.#take();
    try {
      return await call();
    } finally {
      this.#giveBack();
    }
  }

  async #take(): Promise<void> {
    const allAreBusy = this.#started > 0 && this.#busy === this.#started;
    if (allAreBusy && (await this.#isHandedOver())) return;
    this.#busy += 1;
    this.#started = Math.max(this.#started, this.#busy);
  }

  /** Waits for a container; false when another one is to be started instead. */
  async #isHandedOver(): Promise<boolean> {
    const handedOver = new AbortController();
    const wake = () => {
      handedOver.abort();
    };
    this.#waiting.add(wake);
    await this.#patience(handedOver.signal);
    return !this.#waiting.delete(wake);
  }

  /** Resolves when a call has waited long enough, or at the abort. */
  async #patience(handedOver: AbortSignal): Promise<void> {
    await pause(LOOK_INTERVAL_MS, handedOver); // most containers are free again by then, and one that starts leaves a core idle
    for (let waitedMs = LOOK_INTERVAL_MS; waitedMs < MAXIMUM_WAIT_MS; waitedMs += LOOK_INTERVAL_MS) {
      if (handedOver.aborted || (await this.#spareCoreDuring(LOOK_INTERVAL_MS, handedOver))) return;
    }
  }

  /** A container that somebody waits for stays busy. */
  #giveBack(): void {
    const [next] = this.#waiting;
    if (!next) this.#busy -= 1;
    else {
      this.#waiting.delete(next);
      next();
    }
  }
}
