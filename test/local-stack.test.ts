import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, lstatSync, mkdirSync, readdirSync, symlinkSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { createTopics } from '../lib/local/stack/kafka-admin.ts';
import { startKafka } from '../lib/local/stack/kafka.ts';
import { freePort, loopback } from '../lib/local/stack/ports.ts';
import { startPostgres } from '../lib/local/stack/postgres.ts';
import { projectDirectory, readSettings } from '../lib/local/stack/settings.ts';
import {
  launchService,
  ownStack,
  runServerless,
  startService,
  temporaryDirectory,
  type Service,
} from './support/service.ts';
import { waitFor } from './support/wait.ts';

/** Command lines of all processes that work on a service's data. */
function processesOn({ dataDirectory }: Pick<Service, 'dataDirectory'>): string[] {
  const commands = execFileSync('ps', ['-A', '-ww', '-o', 'command='], { encoding: 'utf8' }).split('\n');
  return commands.filter((command) => command.includes(dataDirectory));
}

async function placeOrder(service: Service): Promise<number> {
  const response = await fetch(`${service.httpUrl}/api/orders`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: '{"userId":42,"items":[{"sku":"ABC-001","qty":2}]}',
  });
  expect(response.status).toBe(201);
  const { orderId } = (await response.json()) as { orderId: number };
  return orderId;
}

const noStack = { KAFKA_BROKERS: '', DATABASE_URL: '', SMTP_URL: '' };
const listStock = ['invoke', 'local', '-f', 'listStock', '-p', 'events/listStock/all.json'];

describe('a running service', () => {
  let environment: Record<string, string>;
  let service: Service;
  let orderId: number;

  beforeAll(async () => {
    environment = await ownStack();
    service = await startService({ environment });
    orderId = await placeOrder(service);
  }, 60_000);

  it('when a function is invoked locally, then it uses the same database, and the command exits', async () => {
    const { code, output } = await runServerless(listStock, {
      ...noStack,
      OPENORDER_DATA_DIR: service.dataDirectory,
    });
    expect(output).toContain('ABC-001');
    expect(code).toBe(0);
  }, 60_000);

  it('when it is started again on the same data, then the second start says so, and the first keeps running', async () => {
    const second = await launchService({
      environment: await ownStack(),
      dataDirectory: service.dataDirectory,
    });
    expect(await second.ended()).toBe(1);
    expect(second.output()).toContain(`already running (process ${service.pid})`);
    await placeOrder(service);
  }, 60_000);

  it('when Ctrl-C ends it, then the exit code is 0, and no process, bundle or state is left', async () => {
    expect(processesOn(service).length).toBeGreaterThan(0);
    expect(await service.stop()).toBe(0);
    expect(processesOn(service)).toEqual([]);
    expect(existsSync(join(projectDirectory, '.esbuild', String(service.pid)))).toBe(false);
    expect(existsSync(join(service.dataDirectory, 'stack.json'))).toBe(false);
  }, 60_000);

  it('when it starts again and is killed immediately, then the next start still finds its data', async () => {
    const { dataDirectory } = service;
    const killed = await startService({ environment, dataDirectory });
    await killed.kill();
    service = await startService({ environment, dataDirectory });
    const found = await fetch(`${service.httpUrl}/api/orders/${orderId}`);
    expect(found.status).toBe(200);
  }, 120_000);

  it('when it is killed, then its children exit on their own', async () => {
    await service.kill();
    const gone = () => processesOn(service).length === 0;
    await waitFor(gone, { deadlineMs: 15_000, what: 'the children to end' });
  }, 60_000);
});

describe('a start that does not complete', () => {
  it('when Ctrl-C is pressed while it starts, then the exit code is 0 and no process is left', async () => {
    const service = await launchService({ environment: await ownStack() });
    await waitFor(() => processesOn(service).some((command) => command.includes('kafka.Kafka')), {
      deadlineMs: 30_000,
      what: 'the broker to be started',
    });
    expect(await service.stop()).toBe(0);
    expect(processesOn(service)).toEqual([]);
  }, 60_000);

  it('when it is aborted while PostgreSQL prepares its files, then that has ended, too', async () => {
    const dataDirectory = temporaryDirectory();
    const directory = join(dataDirectory, 'postgres');
    const end = new AbortController();
    const start = startPostgres({ directory, port: await freePort(), signal: end.signal });
    start.catch(() => undefined); // awaited below
    await waitFor(() => existsSync(join(directory, 'data', 'global')), {
      deadlineMs: 30_000,
      what: 'initdb to be under way',
    });
    end.abort(new Error('ended by the test'));
    await expect(start).rejects.toThrow('ended by the test');
    expect(processesOn({ dataDirectory })).toEqual([]);
  }, 60_000);

  it('when the npm that started it is killed, then everything ends', async () => {
    const dataDirectory = temporaryDirectory();
    const ports = ['--httpPort', String(await freePort()), '--lambdaPort', String(await freePort())];
    const npm = spawn('npm', ['start', '--', ...ports], {
      cwd: projectDirectory,
      env: { ...process.env, ...(await ownStack()), OPENORDER_DATA_DIR: dataDirectory },
      stdio: 'ignore',
    });
    await waitFor(() => existsSync(join(dataDirectory, 'stack.json')), {
      deadlineMs: 60_000,
      what: 'the service to accept requests',
    });
    npm.kill('SIGKILL');
    await waitFor(() => processesOn({ dataDirectory }).length === 0, {
      deadlineMs: 15_000,
      what: 'every process to end',
    });
    await waitFor(() => !existsSync(join(dataDirectory, 'stack.json')), {
      deadlineMs: 15_000,
      what: 'the service to finish its output',
    });
  }, 90_000);

  it('when a port is taken, then a message names the port and the setting, and the exit code is 1', async () => {
    const environment = await ownStack();
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

  it('when there is neither Java nor Docker, then a message says what to install or set, and the exit code is 1', async () => {
    const path = pathWith(['sh', 'ps', 'unshare', 'setpriv', 'uname']);
    const service = await launchService({
      environment: {
        ...(await ownStack()),
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

  it('when a function is invoked locally and nothing runs, then a message says how to start it, and the exit code is 1', async () => {
    const { code, output } = await runServerless(listStock, noStack);
    expect(output).toContain('start it with "npm start"');
    expect(output).not.toMatch(/^\s+at /m);
    expect(code).toBe(1);
  }, 60_000);
});

describe('a folder with an unusual name', () => {
  /** Characters that formats, lists and shells interpret, in a path longer than a socket's name may be. */
  const name = join('주문 é, a=b #1!', '"50%" $HOME `id` \\ it\'s;&', 'long '.repeat(40));

  /**
   * Files that others could read if the folder were not closed to them; Kafka's jars are no secret.
   */
  function readableByOthers(directory: string): string[] {
    const paths = readdirSync(directory, { recursive: true, encoding: 'utf8' });
    const files = paths.filter(
      (path) => !path.startsWith('jars') && lstatSync(join(directory, path)).isFile(),
    );
    return files.filter((path) => (lstatSync(join(directory, path)).mode & 0o077) !== 0);
  }

  it('when Kafka and PostgreSQL keep their data there, then they start twice, and nobody else can read it', async () => {
    const directory = join(temporaryDirectory(), name);
    const { downloadDirectory, javaHome } = readSettings();
    const kafkaDirectory = join(directory, 'kafka');
    const postgresDirectory = join(directory, 'postgres');
    const start = async () => {
      const kafka = { directory: kafkaDirectory, port: await freePort(), downloadDirectory, javaHome };
      const postgres = { directory: postgresDirectory, port: await freePort() };
      return Promise.all([startKafka(kafka), startPostgres(postgres)]);
    };
    const [kafka, postgres] = await start();
    await createTopics(kafka.brokers, ['kept']);
    const isKept = () => existsSync(join(kafkaDirectory, 'data', 'kept-0'));
    // A broker creates a partition's folder a moment after it has announced who leads it.
    await waitFor(isKept, { deadlineMs: 15_000, what: "the partition's folder" });
    await Promise.all([kafka.stop(), postgres.stop()]);

    const again = await start();
    expect(isKept()).toBe(true);
    await Promise.all(again.map((program) => program.stop()));
    expect(readableByOthers(kafkaDirectory)).toEqual([]);
    expect(readableByOthers(postgresDirectory)).toEqual([]);
  }, 120_000);
});

/** A PATH that leads to these programs and no others. */
function pathWith(programs: readonly string[]): string {
  const directory = join(temporaryDirectory(), 'bin');
  mkdirSync(directory);
  for (const program of programs) {
    const found = execFileSync('sh', ['-c', `command -v ${program} || true`], { encoding: 'utf8' }).trim();
    if (found) symlinkSync(found, join(directory, program));
  }
  return directory;
}
