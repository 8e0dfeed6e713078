/** Sends offsets that partitions commit at the same time in one request. */
export class GroupCommits {
  readonly #send: (offsets: ReadonlyMap<number, number>) => Promise<void>;
  #offsets = new Map<number, number>();
  #sent: Promise<void> | undefined;

  /** @param send commits the group's offset of each of these partitions */
  constructor(send: (offsets: ReadonlyMap<number, number>) => Promise<void>) {
    this.#send = send;
  }

  /** @throws what `send` rejects with, for every partition of the request */
  async commit(partition: number, offset: number): Promise<void> {
    this.#offsets.set(partition, offset);
    this.#sent ??= this.#sendTogether();
    await this.#sent;
  }

  async #sendTogether(): Promise<void> {
    await Promise.resolve(); // collects the other commits of this turn
    const offsets = this.#offsets;
    this.#offsets = new Map();
    this.#sent = undefined;
    await this.#send(offsets);
  }
}
