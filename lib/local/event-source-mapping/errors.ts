/** A problem the user of the plugin can solve; `code` is stable, the message says what to do. */
export class EventSourceMappingError extends Error {
  readonly code: string;

  constructor(code: string, message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'EventSourceMappingError';
    this.code = code;
  }
}

/** The message of anything that can be thrown. */
export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
