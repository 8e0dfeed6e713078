import type { RunningStack } from '../../lib/local/stack/stack.ts';

/** Jest loads setup and teardown as separate modules, but in one process. */
const kept = globalThis as { openOrderTestStack?: RunningStack };

/** Keeps the stack of the integration tests for their teardown. */
export function keepStack(stack: RunningStack): void {
  kept.openOrderTestStack = stack;
}

/** The kept stack; undefined when the setup did not get that far. */
export function keptStack(): RunningStack | undefined {
  return kept.openOrderTestStack;
}
