/**
 * What a mapping's poller is doing:
 * - `joining`: it waits for the broker, the topic, or an assignment;
 * - `settling`: it finds and commits the start offsets of its partitions; nothing is fetched meanwhile;
 * - `reading`: records are fetched and delivered;
 * - `draining`: it waits for running calls and leaves the group; final.
 */
export type PollerState = 'joining' | 'settling' | 'reading' | 'draining';

const successors: Record<PollerState, readonly PollerState[]> = {
  joining: ['joining', 'settling', 'draining'],
  settling: ['joining', 'settling', 'reading', 'draining'],
  reading: ['joining', 'settling', 'draining'],
  draining: ['draining'],
};

/** Marks work started in one state; void once the poller has moved on. */
export type Ticket = symbol;

/** The state of a poller. An undefined transition is a bug and throws. */
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

  /** Whether the poller is still in the state that issued this ticket. */
  isCurrent(ticket: Ticket): boolean {
    return ticket === this.#ticket;
  }
}
