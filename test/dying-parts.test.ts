import { execFileSync } from 'node:child_process';
import { appendFileSync, mkdirSync, readFileSync, rmSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { ownStack, startService, temporaryDirectory, type Service } from './support/service.ts';
import { waitFor } from './support/wait.ts';

async function post({ httpUrl }: Service, order: object): Promise<{ status: number; orderId?: number }> {
  const response = await fetch(`${httpUrl}/api/orders`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(order),
  });
  const { orderId } = (await response.json()) as { orderId?: number };
  return { status: response.status, ...(orderId !== undefined && { orderId }) };
}

const order = { userId: 42, items: [{ sku: 'ABC-001', qty: 2 }] };

/** Fills pages of the database sooner. */
const longOrder = { userId: 42, items: Array.from({ length: 100 }, () => ({ sku: 'ABC-001', qty: 1 })) };

async function placeOrder(service: Service): Promise<number | undefined> {
  return (await post(service, order)).orderId;
}

async function isConfirmed({ httpUrl }: Service, orderId: number): Promise<boolean> {
  const response = await fetch(`${httpUrl}/api/orders/${orderId}`);
  return ((await response.json()) as { status: unknown }).status === 'CONFIRMED';
}

const settled = (service: Service, orderId: number) =>
  waitFor(() => isConfirmed(service, orderId), { deadlineMs: 90_000, what: `order ${orderId} to settle` });
const said = (service: Service, sentence: string) =>
  waitFor(() => service.output().includes(sentence), { deadlineMs: 90_000, what: `"${sentence}"` });

describe('when a part of the stack dies', () => {
  let service: Service;

  beforeAll(async () => {
    service = await startService({ environment: await ownStack() });
  }, 120_000);

  afterAll(async () => {
    expect(await service.stop()).toBe(0);
  }, 60_000);

  it.each([
    ['Kafka', 'kafka', 'broker.json', 'kafka.log'],
    ['PostgreSQL', 'postgres', 'server.json', 'postgres.log'],
  ])(
    'when it is %s, then a message says so, it comes back, and orders settle',
    async (name, folder, pidFile, log) => {
      const before = await placeOrder(service);
      const directory = join(service.dataDirectory, folder);
      const { pid } = JSON.parse(readFileSync(join(directory, pidFile), 'utf8')) as { pid: number };
      process.kill(pid, 'SIGKILL');
      await said(service, `${name} exited unexpectedly`);
      expect(service.output()).toContain(`its log is ${join(directory, log)}.`);
      await said(service, `${name} is running again.`);
      await settled(service, before as number);
      const after = await waitFor(() => placeOrder(service), {
        deadlineMs: 30_000,
        what: 'an order to be taken',
      });
      await settled(service, after);
    },
    240_000,
  );
});

describe('when the disk is full', () => {
  let disk: string | undefined;

  beforeAll(() => {
    disk = smallDisk(700);
  });
  afterAll(() => {
    if (disk !== undefined) execFileSync('umount', ['--lazy', disk]);
  });

  it('when there is space again, then what had exited comes back, and the orders settle', async () => {
    if (disk === undefined) {
      console.log('A full disk is not tried here: only root may mount a small one.');
      return;
    }
    const dataDirectory = dataOn(disk);
    const service = await startService({ environment: await ownStack(), dataDirectory });
    const filler = join(disk, 'filler');
    const before = await placeOrder(service);
    fill(filler);
    await placeOrder(service); // makes Kafka write
    await said(service, 'Kafka exited unexpectedly (its disk is full)');
    rmSync(filler);
    await said(service, 'Kafka is running again.');
    const after = await waitFor(() => placeOrder(service), {
      deadlineMs: 60_000,
      what: 'an order to be taken',
    });
    await settled(service, before as number);
    await settled(service, after);
    expect(await service.stop()).toBe(0);
  }, 300_000);
});

describe("when PostgreSQL's disk is full", () => {
  let disk: string | undefined;

  beforeAll(() => {
    disk = smallDisk(300);
  });
  afterAll(() => {
    if (disk !== undefined) execFileSync('umount', ['--lazy', disk]);
  });

  it('when there is space again, then orders are accepted again, and all accepted ones settle', async () => {
    if (disk === undefined) {
      console.log('A full disk is not tried here: only root may mount a small one.');
      return;
    }
    const service = await startService({
      environment: await ownStack(),
      dataDirectory: dataOn(disk, ['postgres']),
    });
    const filler = join(disk, 'filler');
    const taken = [await placeOrder(service)];
    fill(filler);
    await waitFor(
      async () => {
        const { status, orderId } = await post(service, longOrder);
        if (orderId !== undefined) taken.push(orderId);
        return status === 503;
      },
      { deadlineMs: 90_000, what: 'an order to be refused', intervalMs: 1 },
    );
    await said(service, "PostgreSQL's disk is full: free some space");
    rmSync(filler);
    const after = await waitFor(() => placeOrder(service), {
      deadlineMs: 60_000,
      what: 'an order to be taken',
    });
    for (const orderId of [...taken, after]) await settled(service, orderId as number);
    expect(await service.stop()).toBe(0);
  }, 400_000);
});

/** A small separate disk; undefined if this user may not mount one. */
function smallDisk(megabytes: number): string | undefined {
  const directory = temporaryDirectory();
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${megabytes}m`, 'tmpfs', directory], { stdio: 'pipe' });
    return directory;
  } catch {
    return undefined;
  }
}

/** A data folder whose embedded parts are on that disk; the service's own files are not. */
function dataOn(disk: string, parts = ['kafka', 'postgres']): string {
  const dataDirectory = temporaryDirectory();
  for (const part of parts) {
    mkdirSync(join(disk, part));
    symlinkSync(join(disk, part), join(dataDirectory, part));
  }
  return dataDirectory;
}

/**
 * Others write to the same disk meanwhile, so it is full when a write fails, not when the sizes add up.
 */
function fill(file: string): void {
  try {
    for (;;) appendFileSync(file, Buffer.alloc(1024 * 1024));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOSPC') throw error;
  }
}
