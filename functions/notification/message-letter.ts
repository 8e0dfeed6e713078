/** A notice in one language, before it is formatted as text or as a page. */
export interface Letter {
  readonly subject: string;
  /** Names the order. */
  readonly reference: string;
  readonly heading: string;
  readonly lead: string;
  readonly lines: readonly Line[];
  readonly closing: string;
  /** All of it in one sentence, for a text message or a push notification. */
  readonly brief: string;
}

/** One SKU of a letter and what to say about it; `note` is secondary. */
export interface Line {
  readonly sku: string;
  readonly detail: string;
  readonly note?: string;
}
