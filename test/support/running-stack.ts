import type { RunningStack } from '../../lib/local/stack/stack.ts';

/** Jest loads set-up and tear-down apart from each other, but in one process. */
const kept = globalThis as { openOrderTestStack?: RunningStack };

/** Keeps the stack of the integration tests for their tear-down. */
export function keepStack(stack: RunningStack): void {
  kept.openOrderTestStack = stack;
}

/** The stack that was kept; undefined when the set-up did not come that far. */
export function keptStack(): RunningStack | undefined {
  return kept.openOrderTestStack;
}
