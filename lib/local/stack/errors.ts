/**
 * Why the local stack cannot start or be found: the message is the sentence shown to the user, and says what
 * to do. `code` is stable; the technical cause, if any, is kept in `cause`.
 */
export class StackError extends Error {
  readonly code: string;

  constructor(code: string, message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = new.target.name;
    this.code = code;
  }
}
