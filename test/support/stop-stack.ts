import { keptStack } from './running-stack.ts';

/**
 * After the integration tests: stops the stack that was started for them. Its data is removed when the
 * process ends.
 */
export default async function stopTestStack(): Promise<void> {
  await keptStack()?.stop();
}
