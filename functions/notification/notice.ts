import type { RejectionReason, Shortage } from '../../lib/contracts/inventory-rejected.ts';
import type { OrderItem } from '../../lib/contracts/order-item.ts';

/** The languages that customers are written to in, by their ISO 639-1 codes. */
export const languages = ['en', 'ko'] as const;
export type Language = (typeof languages)[number];

/**
 * Why an order was rejected, as its customer sees it. An order that was cancelled first gets no rejection
 * notice.
 */
type NoticedReason = Exclude<RejectionReason, 'ORDER_CANCELLED'>;

/** What happened to an order that its customer should know about. `at` is ISO 8601. */
export type Notice =
  | NoticeOf<'reserved'>
  | NoticeOf<'released'>
  | (NoticeOf<'rejected'> & { readonly reason: NoticedReason; readonly shortages: readonly Shortage[] });

interface NoticeOf<K extends string> {
  readonly kind: K;
  readonly orderId: number;
  readonly userId: number;
  readonly items: readonly OrderItem[];
  readonly at: string;
}

/** What a notice is about; an order has at most one notice of each kind. */
export type Kind = Notice['kind'];
