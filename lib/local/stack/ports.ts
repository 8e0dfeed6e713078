import { randomInt } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type AddressInfo } from 'node:net';
import { StackError } from './errors.ts';

/** The address that everything local listens on: nothing of the local stack is for the network. */
export const loopback = '127.0.0.1';

/**
 * Ports that no outgoing connection takes before a program listens on the one it was given: Linux takes those
 * from 32,768 on, others from 49,152.
 * https://docs.kernel.org/networking/ip-sysctl.html#ip-variables
 */
const firstPort = 15_000;
const endOfPorts = 30_000;

/** A port of the loopback interface that is free at this moment, chosen at random. */
export async function freePort(): Promise<number> {
  for (let attempt = 0; attempt < 100; attempt += 1) {
    const port = randomInt(firstPort, endOfPorts);
    if ((await listenOnce(port, loopback)) !== undefined) return port;
  }
  throw new StackError('NO_FREE_PORT', 'No port is free on this machine.');
}

/**
 * Makes sure that nothing listens on a port yet.
 * @param use what the port is for, as in "Kafka"
 * @param setting the setting that moves it, as in "KAFKA_PORT"
 * @throws StackError `PORT_TAKEN` naming both
 */
export async function requireFreePort(
  port: number,
  use: string,
  setting: string,
  host = loopback,
): Promise<void> {
  if ((await listenOnce(port, host)) !== undefined) return;
  throw new StackError(
    'PORT_TAKEN',
    `Port ${port} for ${use} is taken by another program: end that one, or choose another port with ${setting}.`,
  );
}

async function listenOnce(port: number, host: string): Promise<number | undefined> {
  const server = createServer();
  try {
    server.listen(port, host);
    await once(server, 'listening');
    return (server.address() as AddressInfo).port;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EADDRINUSE') return undefined;
    throw error;
  } finally {
    server.close();
  }
}
