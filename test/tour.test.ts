import { exec } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { projectDirectory } from '../lib/local/stack/settings.ts';
import { ownStack, startService, type Service } from './support/service.ts';
import { waitFor } from './support/wait.ts';

const tours = ['docs/tour.md', 'docs/tour.ko.md'];
const [tour = '', koreanTour = ''] = tours.map((name) => readFileSync(join(projectDirectory, name), 'utf8'));

const commandsOf = (text: string) =>
  [...text.matchAll(/^```sh\n([^]*?)^```$/gm)].map(([, command = '']) => command.trim());
const codesOf = (text: string) =>
  [...text.replaceAll(/^```[^]*?^```$/gm, '').matchAll(/`([^`\n]+)`/g)].map(([, code = '']) => code);
const headingsOf = (text: string) => text.match(/^#+ /gm);

const [start, curl = '', lag = '', list = '', killKafka = ''] = commandsOf(tour);

let service: Service;

beforeAll(async () => {
  service = await startService({ environment: await ownStack() });
}, 240_000);

afterAll(async () => {
  expect(await service.stop()).toBe(0);
}, 60_000);

/** Runs a command of the tour as a reader does, against this service instead of the reader's own. */
async function run(command: string): Promise<string> {
  const here = command
    .replaceAll('http://localhost:8080', service.httpUrl)
    .replaceAll('.local/', `${service.dataDirectory}/`);
  const environment = { ...process.env, OPENORDER_DATA_DIR: service.dataDirectory };
  const { stdout } = await promisify(exec)(here, { cwd: projectDirectory, env: environment });
  return stdout;
}

async function placeOrder(sku: string): Promise<number> {
  const { orderId } = JSON.parse(await run(curl.replace('ABC-001', sku))) as { orderId: number };
  return orderId;
}

function settled(orderId: number, status: string) {
  const isSettled = async () => {
    const response = await fetch(`${service.httpUrl}/api/orders/${orderId}`);
    return ((await response.json()) as { status: string }).status === status;
  };
  return waitFor(isSettled, { deadlineMs: 120_000, what: `order ${orderId} to be ${status}` });
}

describe('the tour', () => {
  it('when it is read in either language, it has the same steps, commands and names', () => {
    expect(commandsOf(koreanTour)).toEqual(commandsOf(tour));
    expect(headingsOf(koreanTour)).toEqual(headingsOf(tour));
    expect(new Set(codesOf(koreanTour))).toEqual(new Set(codesOf(tour)));
  });

  it('when it names a file or a function, that exists', () => {
    const files = codesOf(tour).filter((code) => /^(lib|functions|docs)\/[\w./-]+$/.test(code));
    expect(files.length).toBeGreaterThan(2);
    expect(files.filter((file) => !existsSync(join(projectDirectory, file)))).toEqual([]);
    const map = readFileSync(join(projectDirectory, 'serverless.yml'), 'utf8');
    const functions = codesOf(tour).filter((code) => /^(create|reserve|settle|notify)\w*$/.test(code));
    expect(functions.filter((name) => !map.includes(`\n  ${name}:`))).toEqual([]);
  });

  it('when its steps are followed, the results are as described', async () => {
    expect(start).toBe('npm ci && npm start');
    await settled(await placeOrder('ABC-001'), 'CONFIRMED');
    await waitFor(async () => (await run(lag)).includes('No trigger is behind'), {
      deadlineMs: 60_000,
      what: 'the lag to be 0',
    });
    await settled(await placeOrder('ABC-002'), 'REJECTED');
    await placeOrder('FAIL');
    await waitFor(async () => (await run(list)).includes('FaultInjectedError'), {
      deadlineMs: 60_000,
      what: 'the dead letter to be listed',
    });
  }, 240_000);

  it('when Kafka is killed as described, an order is still accepted, and settles once Kafka is back', async () => {
    await run(killKafka);
    await settled(await placeOrder('ABC-001'), 'CONFIRMED');
    expect(service.output()).toContain('Kafka is running again.');
  }, 240_000);
});
