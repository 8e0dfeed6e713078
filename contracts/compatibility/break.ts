/** Something that worked before a change and does not after it. */
export interface Break {
  /** The route or the topic. */
  readonly subject: string;
  readonly who: string;
  readonly reason: string;
}
