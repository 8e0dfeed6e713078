/** Sends the offsets that partitions commit at the same moment in one request. */
export class GroupCommits {
  readonly #send: (offsets: ReadonlyMap<number, number>) => Promise<void>;
  #offsets = new Map<number, number>();
  #sent: Promise<void> | undefined;

  /** @param send commits the group's offset of each of these partitions */
  constructor(send: (offsets: ReadonlyMap<number, number>) => Promise<void>) {
    this.#send = send;
  }

  /** @throws what `send` rejects with; each partition of the request learns of it */
  async commit(partition: number, offset: number): Promise<void> {
    this.#offsets.set(partition, offset);
    this.#sent ??= this.#sendTogether();
    await this.#sent;
  }

  async #sendTogether(): Promise<void> {
    await Promise.resolve(); // for what else is committed in this turn
    const offsets = this.#offsets;
    this.#offsets = new Map();
    this.#sent = undefined;
    await this.#send(offsets);
  }
}
