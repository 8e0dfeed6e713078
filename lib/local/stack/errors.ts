/**
 * What keeps the local stack from starting: the message is the whole sentence a person gets to read, and says what to do.
 * `code` is stable; the technical cause, if any, is kept in `cause`.
 */
export class StackError extends Error {
  readonly code: string;

  constructor(code: string, message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = new.target.name;
    this.code = code;
  }
}
