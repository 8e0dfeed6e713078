import { makePlan } from './plan.ts';
import { readSettings } from './settings.ts';

const withDocker = () => Promise.resolve(true);
const withoutDocker = () => Promise.resolve(false);
const unasked = () => Promise.reject(new Error('Docker was asked'));
const external = { KAFKA_BROKERS: 'k:9092', DATABASE_URL: 'postgres://p', SMTP_URL: 'smtp://m' };

describe('where the parts of the stack come from', () => {
  it('when nothing is set and no Docker answers, then all are embedded', async () => {
    expect(await makePlan(readSettings({}), withoutDocker)).toEqual(all('embedded'));
  });

  it('when nothing is set and Docker answers, then all come from Docker Compose', async () => {
    expect(await makePlan(readSettings({}), withDocker)).toEqual(all('compose'));
  });

  it('when one variable is set, then that part is external and the others are unaffected', async () => {
    const settings = readSettings({ DATABASE_URL: 'postgres://p' });
    expect(await makePlan(settings, withoutDocker)).toEqual({ ...all('embedded'), postgres: 'external' });
    expect(await makePlan(settings, withDocker)).toEqual({ ...all('compose'), postgres: 'external' });
  });

  it('when all variables are set, then Docker is not even asked', async () => {
    expect(await makePlan(readSettings(external), unasked)).toEqual(all('external'));
  });

  it('when OPENORDER_STACK is embedded, then neither the variables nor Docker count', async () => {
    const settings = readSettings({ ...external, OPENORDER_STACK: 'embedded' });
    expect(await makePlan(settings, unasked)).toEqual(all('embedded'));
  });

  it('when OPENORDER_STACK is compose and no Docker answers, then the error says so', async () => {
    const settings = readSettings({ OPENORDER_STACK: 'compose' });
    expect(await makePlan(settings, withDocker)).toEqual(all('compose'));
    await expect(makePlan(settings, withoutDocker)).rejects.toMatchObject({ code: 'DOCKER_MISSING' });
  });

  it('when OPENORDER_STACK is external and variables are missing, then the error names them', async () => {
    const settings = readSettings({ KAFKA_BROKERS: 'k:9092', OPENORDER_STACK: 'external' });
    await expect(makePlan(settings, unasked)).rejects.toThrow('needs DATABASE_URL and SMTP_URL');
  });
});

function all(choice: string) {
  return { kafka: choice, postgres: choice, mail: choice };
}
