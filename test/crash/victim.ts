import { isAlive } from '../../lib/local/stack/leftover.ts';
import { waitFor } from '../support/wait.ts';
import { childrenOf, send, signalTree } from './process-tree.ts';

/** A program that was started, by its process id. */
export interface Program {
  readonly pid: number;
  readonly stop: () => Promise<void>;
}

/**
 * A part of the running system that can be killed and frozen. Only processes that were started here are ever
 * touched.
 */
export class Victim {
  readonly name: string;
  kills = 0;
  pauses = 0;
  /** How many times it exited although nobody killed it. */
  faints = 0;
  readonly #launch: () => Promise<Program>;
  #program: Program | undefined;

  /** @param launch starts the program and resolves when it can be used */
  constructor(name: string, launch: () => Promise<Program>) {
    this.name = name;
    this.#launch = launch;
  }

  /** Starts it, retrying: whatever it needs may be down at this moment. */
  async start(): Promise<void> {
    const start = async () => {
      this.#program = await this.#launch();
      return true;
    };
    await waitFor(start, { deadlineMs: 180_000, intervalMs: 500, what: `${this.name} to start` });
  }

  /** SIGKILL to it and all its children, then a start after `downMs`. */
  async kill(down: () => Promise<unknown>): Promise<void> {
    const { pid } = await this.#revived();
    const children = await childrenOf(pid);
    await signalTree(pid, 'SIGKILL');
    for (const child of children) send(child, 'SIGKILL');
    this.kills += 1;
    const isGone = () => ![pid, ...children].some(isAlive);
    await waitFor(isGone, { deadlineMs: 10_000, what: `${this.name} to be gone` });
    await down();
    await this.start();
  }

  /** SIGSTOP to it and all its children, and SIGCONT after `frozen`. */
  async pause(frozen: () => Promise<unknown>): Promise<void> {
    const { pid } = await this.#revived();
    // A frozen program heeds no other signal, so it would outlive this process.
    const thaw = () => {
      send(pid, 'SIGCONT');
    };
    process.once('exit', thaw);
    await signalTree(pid, 'SIGSTOP');
    this.pauses += 1;
    await frozen();
    await signalTree(pid, 'SIGCONT');
    process.off('exit', thaw);
  }

  /** Restarts it if it exited unexpectedly. */
  async revive(): Promise<void> {
    await this.#revived();
  }

  async stop(): Promise<void> {
    await this.#program?.stop();
  }

  async #revived(): Promise<Program> {
    if (this.#program && isAlive(this.#program.pid)) return this.#program;
    if (this.#program) this.faints += 1;
    await this.start();
    return this.#revived();
  }
}
