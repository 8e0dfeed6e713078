import { once } from 'node:events';
import { createServer } from 'node:net';
import { freePort, loopback, requireFreePort } from './ports.ts';

describe('ports', () => {
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
