import { OpenOrderError } from '../../lib/errors.ts';

/** An outcome arrived under the id of another order, whose user or items differ. */
export class OutcomeContradictedError extends OpenOrderError {
  readonly code = 'OPENORDER_OUTCOME_CONTRADICTED';
  override readonly disposition = 'permanent';
}
