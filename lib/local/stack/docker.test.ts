import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { writePrograms } from '../../../test/support/programs.ts';
import { composeServices, dockerAnswers, startServices } from './docker.ts';
import { projectDirectory } from './settings.ts';

let directory: string;

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'openorder-docker-'));
});
afterEach(() => {
  rmSync(directory, { recursive: true });
});

/** A docker that records its arguments, and then does what its script says. */
const docker = (script: string) =>
  join(
    writePrograms(directory, {
      docker: `echo "$@" >> ${join(directory, 'asked')}
${script}`,
    }),
    'docker',
  );
const asked = () => readFileSync(join(directory, 'asked'), 'utf8').trim().split('\n');

describe('whether Docker is available', () => {
  it('when engine and Compose answer, then yes', async () => {
    expect(await dockerAnswers(docker('exit 0'))).toBe(true);
    expect(asked().sort()).toEqual(['compose version', 'info']);
  });

  it.each(['info', 'compose'])('when "docker %s" fails, then no', async (command) => {
    expect(await dockerAnswers(docker(`test "$1" != ${command}`))).toBe(false);
  });

  it('when there is no docker program, then no', async () => {
    expect(await dockerAnswers(join(directory, 'docker'))).toBe(false);
  });
});

describe('services by Docker Compose', () => {
  it('when some were up before, then all are brought up and waited for, and only the others are stopped', async () => {
    const program = docker('if [ "$2" = ps ]; then echo postgres; fi');
    const services = await startServices(['kafka', 'postgres', 'mailpit'], { program });
    await services.stop();
    expect(asked()).toEqual([
      'compose ps --services --status running',
      'compose up --detach --wait kafka postgres mailpit',
      'compose stop kafka mailpit',
    ]);
  });

  it('when all were up before, then none is stopped', async () => {
    const program = docker('if [ "$2" = ps ]; then echo kafka; fi');
    const services = await startServices(['kafka'], { program });
    await services.stop();
    expect(asked()).not.toContainEqual(expect.stringContaining('stop'));
  });

  it('when Compose fails, then its message is shown', async () => {
    const program = docker('if [ "$2" = up ]; then echo "Bind for 127.0.0.1:9092 failed" >&2; exit 1; fi');
    const error = startServices(['kafka'], { program });
    await expect(error).rejects.toMatchObject({ code: 'COMPOSE_FAILED' });
    await expect(error).rejects.toThrow('Bind for 127.0.0.1:9092 failed');
  });

  it('each service is in docker-compose.yml, with a health check to wait for', () => {
    const compose = readFileSync(join(projectDirectory, 'docker-compose.yml'), 'utf8');
    const services = Object.values(composeServices).flat();
    for (const service of services) expect(compose).toMatch(new RegExp(`^  ${service}:`, 'm'));
    expect(compose.match(/^ {4}healthcheck:/gm)).toHaveLength(services.length);
  });
});
