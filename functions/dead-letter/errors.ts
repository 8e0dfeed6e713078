import { OpenOrderError } from '../../lib/errors.ts';

/** An operator asked a function for something that it does not understand; the message says which field is wrong. */
export class InvalidRequestError extends OpenOrderError {
  readonly code = 'OPENORDER_INVALID_REQUEST';
  override readonly disposition = 'permanent';
}

/** Kafka did not take redriven records; their dead letters stay as they were. */
export class RedriveFailedError extends OpenOrderError {
  readonly code = 'OPENORDER_REDRIVE_FAILED';
  override readonly disposition = 'infrastructure';
}
