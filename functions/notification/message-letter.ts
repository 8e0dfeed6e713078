/** A notice in the words of one language, before it is set as text or as a page. */
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

/** One SKU of a letter and what is to be said of it; `note` is of less weight. */
export interface Line {
  readonly sku: string;
  readonly detail: string;
  readonly note?: string;
}
