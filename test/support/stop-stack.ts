import { keptStack } from './running-stack.ts';

/**
 * After the integration tests: ends the stack that was started for them. Its data goes when the process ends.
 */
export default async function stopTestStack(): Promise<void> {
  await keptStack()?.stop();
}
