import { freePort, requireFreePort } from '../../lib/local/stack/ports.ts';

/** Below the ports that systems assign themselves (from 32768 on Linux, 49152 elsewhere). */
const first = 25_000;
const count = 1_000;

let next = first + (process.pid % count);

/**
 * A free port for a server that will be killed and restarted on the same port. One that the system assigns
 * could be taken meanwhile: a client that keeps trying such a port may even end up connected to itself.
 */
export async function fixedPort(): Promise<number> {
  for (let tried = 0; tried < count; tried += 1) {
    const port = next;
    next = first + ((next - first + 1) % count);
    try {
      await requireFreePort(port, 'a test', 'another port');
      return port;
    } catch {
      continue;
    }
  }
  return freePort();
}
