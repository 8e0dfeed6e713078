type Close = () => Promise<void>;

const closers = Symbol.for('openorder.closeAll');
const registry = globalThis as { [closers]?: Close[] | undefined };

/**
 * Registers what must be closed before a process that ran a handler can exit, such as an open connection.
 * Lambda freezes containers and never asks; `serverless invoke local` runs the list through the well-known
 * symbol `openorder.closeAll`, since a bundle shares no module with the command that loaded it.
 */
export function onShutdown(close: Close): void {
  (registry[closers] ??= []).push(close);
}
