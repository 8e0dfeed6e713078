import type { RejectionReason, Shortage } from '../../lib/contracts/inventory-rejected.ts';
import type { OrderItem } from '../../lib/contracts/order-item.ts';
import { writeEnglish } from './message-en.ts';
import { writeKorean } from './message-ko.ts';
import { htmlOf, textOf } from './message-page.ts';

export const languages = ['en', 'ko'] as const;
export type Language = (typeof languages)[number];

/** Why a customer is told of a rejection; of an order that was cancelled first, the cancel's own notice tells. */
type ToldReason = Exclude<RejectionReason, 'ORDER_CANCELLED'>;

/** What happened to an order, as far as its customer is told. `at` is ISO 8601. */
export type Notice =
  | NoticeOf<'reserved'>
  | NoticeOf<'released'>
  | (NoticeOf<'rejected'> & { readonly reason: ToldReason; readonly shortages: readonly Shortage[] });

interface NoticeOf<K extends string> {
  readonly kind: K;
  readonly orderId: number;
  readonly userId: number;
  readonly items: readonly OrderItem[];
  readonly at: string;
}

export type Kind = Notice['kind'];

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

/** A notice ready to be sent: `text` and `html` say the same. */
export interface Message {
  readonly subject: string;
  readonly brief: string;
  readonly text: string;
  readonly html: string;
}

const writers: Readonly<Record<Language, (notice: Notice) => Letter>> = {
  en: writeEnglish,
  ko: writeKorean,
};

/** The message that tells a notice in a language. */
export function messageFor(notice: Notice, language: Language): Message {
  const letter = writers[language](notice);
  return {
    subject: letter.subject,
    brief: letter.brief,
    text: textOf(letter),
    html: htmlOf(letter, notice.kind, language),
  };
}
