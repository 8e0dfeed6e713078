import { execFileSync } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, symlinkSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { freePort, loopback } from '../lib/local/stack/ports.ts';
import {
  launchService,
  runServerless,
  startService,
  temporaryDirectory,
  type Service,
} from './support/service.ts';
import { waitFor } from './support/wait.ts';

/** A Kafka, a PostgreSQL and an inbox of the service's own. */
async function embedded(): Promise<Record<string, string>> {
  const [kafka, postgres, smtp, mail] = await Promise.all([freePort(), freePort(), freePort(), freePort()]);
  return {
    OPENORDER_STACK: 'embedded',
    KAFKA_PORT: String(kafka),
    POSTGRES_PORT: String(postgres),
    SMTP_PORT: String(smtp),
    MAIL_PORT: String(mail),
  };
}

/** Command lines of all processes that work on a service's data. */
function processesOn({ dataDirectory }: Service): string[] {
  const commands = execFileSync('ps', ['-A', '-ww', '-o', 'command='], { encoding: 'utf8' }).split('\n');
  return commands.filter((command) => command.includes(dataDirectory));
}

async function order(service: Service): Promise<{ orderId: number }> {
  const response = await fetch(`${service.httpUrl}/api/orders`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: '{"userId":42,"items":[{"sku":"ABC-001","qty":2}]}',
  });
  expect(response.status).toBe(201);
  return (await response.json()) as { orderId: number };
}

describe('serverless offline start', () => {
  it('when Ctrl-C ends it, then the exit code is 0, no process and no bundle is left, and the next start finds its data', async () => {
    const environment = await embedded();
    const first = await startService({ environment });
    expect(processesOn(first).length).toBeGreaterThan(0);
    const { orderId } = await order(first);

    expect(await first.stop()).toBe(0);
    expect(processesOn(first)).toEqual([]);
    expect(existsSync(join('.esbuild', String(first.pid)))).toBe(false);
    expect(existsSync(join(first.dataDirectory, 'stack.json'))).toBe(false);

    const second = await startService({ environment, dataDirectory: first.dataDirectory });
    const found = await fetch(`${second.httpUrl}/api/orders/${orderId}`);
    expect(found.status).toBe(200);
    expect(await second.stop()).toBe(0);
  }, 120_000);

  it('when it is killed, then its children end too, and the next start works on the same data', async () => {
    const environment = await embedded();
    const killed = await startService({ environment });
    const { orderId } = await order(killed);
    await killed.kill();

    const next = await startService({ environment, dataDirectory: killed.dataDirectory });
    const found = await fetch(`${next.httpUrl}/api/orders/${orderId}`);
    expect(found.status).toBe(200);
    await next.kill();
    await waitFor(() => processesOn(next).length === 0, { deadlineMs: 15_000, what: 'the children to end' });
  }, 120_000);

  it('when Ctrl-C comes while it starts, then the exit code is 0 and no process is left', async () => {
    const service = await launchService({ environment: await embedded() });
    await waitFor(() => processesOn(service).some((command) => command.includes('kafka.Kafka')), {
      deadlineMs: 30_000,
      what: 'the broker to be started',
    });
    expect(await service.stop()).toBe(0);
    expect(processesOn(service)).toEqual([]);
  }, 60_000);

  it('when a port is taken, then a sentence names the port and the setting, and the exit code is 1', async () => {
    const environment = await embedded();
    const other = createServer().listen(Number(environment['POSTGRES_PORT']), loopback);
    await once(other, 'listening');
    const service = await launchService({ environment });
    expect(await service.ended()).toBe(1);
    other.close();
    expect(service.output()).toContain(`Port ${environment['POSTGRES_PORT']} for PostgreSQL is taken`);
    expect(service.output()).toContain('POSTGRES_PORT');
    expect(service.output()).not.toMatch(/^\s+at /m);
    expect(processesOn(service)).toEqual([]);
  }, 60_000);

  it('when there is neither Java nor Docker, then a sentence says what to install or set, and the exit code is 1', async () => {
    const path = pathWith(['sh', 'ps', 'unshare', 'setpriv', 'uname']);
    const service = await launchService({
      environment: {
        ...(await embedded()),
        PATH: path,
        JAVA_HOME: '',
        OPENORDER_STACK: '',
        KAFKA_BROKERS: '',
      },
    });
    expect(await service.ended()).toBe(1);
    expect(service.output()).toMatch(/Java 17 or newer with Maven, or Docker .* or set KAFKA_BROKERS/);
    expect(service.output()).not.toMatch(/^\s+at /m);
    expect(processesOn(service)).toEqual([]);
  }, 60_000);

  it('when it runs already on the same data, then the second start says so and the first goes on', async () => {
    const environment = await embedded();
    const first = await startService({ environment });
    const second = await launchService({ environment: await embedded(), dataDirectory: first.dataDirectory });
    expect(await second.ended()).toBe(1);
    expect(second.output()).toContain(`already running (process ${first.pid})`);
    await order(first);
    expect(await first.stop()).toBe(0);
  }, 120_000);
});

describe('serverless invoke local', () => {
  const invoke = ['invoke', 'local', '-f', 'listStock', '-p', 'events/listStock/all.json'];
  const unset = { KAFKA_BROKERS: '', DATABASE_URL: '', SMTP_URL: '' };

  it('when the service runs, then the function works on its database and the command ends', async () => {
    const service = await startService();
    const { code, output } = await runServerless(invoke, {
      ...unset,
      OPENORDER_DATA_DIR: service.dataDirectory,
    });
    await service.stop();
    expect(output).toContain('ABC-001');
    expect(code).toBe(0);
  }, 120_000);

  it('when nothing runs, then a sentence says how to start it, and the exit code is 1', async () => {
    const { code, output } = await runServerless(invoke, unset);
    expect(output).toContain('start it with "npm start"');
    expect(output).not.toMatch(/^\s+at /m);
    expect(code).toBe(1);
  }, 60_000);
});

/** A PATH that leads to these programs and to none else. */
function pathWith(programs: readonly string[]): string {
  const directory = join(temporaryDirectory(), 'bin');
  mkdirSync(directory);
  for (const program of programs) {
    const found = execFileSync('sh', ['-c', `command -v ${program} || true`], { encoding: 'utf8' }).trim();
    if (found) symlinkSync(found, join(directory, program));
  }
  return directory;
}
