import type { RejectionReason, Shortage } from '../../lib/contracts/inventory-rejected.ts';
import type { OrderItem } from '../../lib/contracts/order-item.ts';

/** The statuses of an order: PENDING until inventory has decided. */
export const orderStatuses = ['PENDING', 'CONFIRMED', 'REJECTED', 'CANCELLED'] as const;
export type OrderStatus = (typeof orderStatuses)[number];

/** Why an order was rejected; `shortages` is present only when stock was short. */
export interface Rejection {
  readonly reason: RejectionReason;
  readonly shortages?: readonly Shortage[];
}

/** An order as its customer sees it. */
export interface Order {
  readonly orderId: number;
  readonly userId: number;
  readonly status: OrderStatus;
  readonly items: readonly OrderItem[];
  readonly rejection?: Rejection;
  readonly createdAt: Date;
  readonly updatedAt: Date;
}

/** What inventory decided about an order, with the user and the items that it decided about. */
export interface Settlement {
  readonly orderId: number;
  readonly userId: number;
  readonly items: readonly OrderItem[];
  readonly status: 'CONFIRMED' | 'REJECTED';
  readonly rejection?: Rejection;
}

/** Every legal transition. Nothing leaves REJECTED or CANCELLED. */
export const legalMoves = [
  'PENDING>CONFIRMED',
  'PENDING>REJECTED',
  'PENDING>CANCELLED',
  'CONFIRMED>CANCELLED',
] as const satisfies readonly `${OrderStatus}>${OrderStatus}`[];
