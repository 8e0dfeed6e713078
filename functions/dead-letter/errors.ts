import { OpenOrderError } from '../../lib/errors.ts';

/** A field that a function does not understand, by its path in the request. */
export interface InvalidField {
  readonly path: readonly string[];
  readonly detail: string;
}

/**
 * An operator asked a function for something that it does not understand; the message says which field is
 * wrong.
 */
export class InvalidRequestError extends OpenOrderError {
  readonly code = 'OPENORDER_INVALID_REQUEST';
  override readonly disposition = 'permanent';
  readonly fields: readonly InvalidField[];

  /** @param options `fields` says what is wrong, field by field; without it the request as a whole is */
  constructor(message: string, options: ErrorOptions & { readonly fields?: readonly InvalidField[] } = {}) {
    super(message, options);
    this.fields = options.fields ?? [{ path: [], detail: message }];
  }
}

/** Kafka did not take redriven records; their dead letters stay as they were. */
export class RedriveFailedError extends OpenOrderError {
  readonly code = 'OPENORDER_REDRIVE_FAILED';
  override readonly disposition = 'infrastructure';
}

/** The operation did something that cannot be taken back. */
export class NotUndoableError extends OpenOrderError {
  readonly code = 'OPENORDER_NOT_UNDOABLE';
  override readonly disposition = 'permanent';
}

/** Other dead letters match than those that the operator was shown. Nothing was changed. */
export class PreviewOutdatedError extends OpenOrderError {
  readonly code = 'OPENORDER_PREVIEW_OUTDATED';
  override readonly disposition = 'permanent';
  /** What matches now, as a dry run answers it. */
  readonly preview: object;

  constructor(message: string, preview: object) {
    super(message);
    this.preview = preview;
  }
}

/** The operation is over, so it can be neither paused, nor resumed, nor stopped. */
export class OperationOverError extends OpenOrderError {
  readonly code = 'OPENORDER_OPERATION_OVER';
  override readonly disposition = 'permanent';
}
