/**
 * What a mapping's poller is doing:
 * - `joining`: it waits for the broker, the topic, or the group to give it partitions;
 * - `settling`: it has partitions and finds and commits where they begin; nothing is fetched meanwhile;
 * - `reading`: records are fetched and delivered;
 * - `draining`: it finishes what runs and leaves the group; the end.
 */
export type PollerState = 'joining' | 'settling' | 'reading' | 'draining';

const successors: Record<PollerState, readonly PollerState[]> = {
  joining: ['joining', 'settling', 'draining'],
  settling: ['joining', 'settling', 'reading', 'draining'],
  reading: ['joining', 'settling', 'draining'],
  draining: ['draining'],
};

/** Marks work that was begun in one state, and is void once the poller has gone on to another. */
export type Ticket = symbol;

/** The state of a poller. Transitions are checked: one that is not foreseen is a bug and throws. */
export class PollerStates {
  #state: PollerState = 'joining';
  #ticket: Ticket = Symbol();

  get current(): PollerState {
    return this.#state;
  }

  /** @throws Error when this state cannot follow the current one */
  enter(next: PollerState): Ticket {
    if (!successors[this.#state].includes(next)) throw new Error(`${next} cannot follow ${this.#state}`);
    this.#state = next;
    this.#ticket = Symbol();
    return this.#ticket;
  }

  /** As `enter`, but does nothing while draining: kafkajs still reports events then. */
  enterUnlessDraining(next: PollerState): Ticket | undefined {
    return this.#state === 'draining' ? undefined : this.enter(next);
  }

  /** Whether the poller has not gone on since it gave out this ticket. */
  isCurrent(ticket: Ticket): boolean {
    return ticket === this.#ticket;
  }
}
