import { once } from 'node:events';
import { createServer } from 'node:net';
import { freePort, loopback, requireFreePort } from './ports.ts';

describe('ports', () => {
  it('when a port is given, then no outgoing connection can take it before somebody listens there', async () => {
    const ports = await Promise.all(Array.from({ length: 20 }, () => freePort()));
    expect(ports.filter((port) => port < 15_000 || port >= 32_768)).toEqual([]);
  });

  it('when a port is taken, then the error names the port, its use and the setting that moves it', async () => {
    const port = await freePort();
    await requireFreePort(port, 'Kafka', 'KAFKA_PORT');
    const other = createServer().listen(port, loopback);
    await once(other, 'listening');
    const error = requireFreePort(port, 'Kafka', 'KAFKA_PORT');
    await expect(error).rejects.toMatchObject({ code: 'PORT_TAKEN' });
    await expect(error).rejects.toThrow(new RegExp(`Port ${port} for Kafka .* KAFKA_PORT`));
    other.close();
  });
});
