import { OpenOrderError } from '../../lib/errors.ts';

/** The injected fault: an order held the SKU named by `FAULT_SKU`. */
export class FaultInjectedError extends OpenOrderError {
  readonly code = 'OPENORDER_FAULT_INJECTED';
}
