import { OpenOrderError } from '../../lib/errors.ts';

/** The injected fault: an order contained the SKU named by `FAULT_SKU`. */
export class FaultInjectedError extends OpenOrderError {
  readonly code = 'OPENORDER_FAULT_INJECTED';
}

/** An order arrived under the id of another one, whose user or items differ. */
export class OrderContradictedError extends OpenOrderError {
  readonly code = 'OPENORDER_ORDER_CONTRADICTED';
  override readonly disposition = 'permanent';
}
