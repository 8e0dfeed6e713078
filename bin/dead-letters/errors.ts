/** What the command ends with. Scripts may rely on these numbers. */
export const exitCodes = { done: 0, failed: 1, usage: 2, notFound: 3, cancelled: 130 } as const;

/** The command cannot continue; the message is for the person at the terminal. */
export class CommandError extends Error {
  override readonly name = 'CommandError';
  readonly exitCode: number;

  constructor(message: string, exitCode: number, options?: ErrorOptions) {
    super(message, options);
    this.exitCode = exitCode;
  }
}
