import type { RejectionReason, Shortage } from '../../lib/contracts/inventory-rejected.ts';
import type { OrderItem } from '../../lib/contracts/order-item.ts';

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
