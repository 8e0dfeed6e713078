import type { Settings } from '../settings.ts';
import type { RunningStack } from '../stack.ts';
import { localIssuer } from './callers.ts';
import { startIssuer } from './issuer.ts';

/**
 * Adds a local token issuer to a stack that requires sign-in (`OPENORDER_AUTH=on`).
 * @param httpPort the port of the console, which may fetch tokens
 * @throws StackError `PORT_TAKEN`; the stack is stopped by then
 */
export async function withIssuer(
  stack: RunningStack,
  { requiresSignIn, ports, dataDirectory, trustedOrigins }: Settings,
  httpPort: number,
): Promise<RunningStack> {
  if (!requiresSignIn) return stack;
  const consoleOrigins = ['localhost', '127.0.0.1'].map((host) => `http://${host}:${httpPort}`);
  try {
    const origins = [...trustedOrigins, ...consoleOrigins];
    const running = await startIssuer({ port: ports.auth, dataDirectory, trustedOrigins: origins });
    const stop = async () => {
      await Promise.all([running.stop(), stack.stop()]);
    };
    return { ...stack, callers: localIssuer(running.issuer), stop };
  } catch (error) {
    await stack.stop();
    throw error;
  }
}
