import { jest } from '@jest/globals';
import { type TriggerSpec } from './testing/offline-service.ts';
import { noWait, TriggerScene, values } from './testing/trigger-scene.ts';

jest.setTimeout(60_000);

const scene = new TriggerScene((topic) => ({
  throwsText: faulty(topic('throwText'), 'throwText'),
  throwsNull: faulty(topic('throwNull'), 'throwNull'),
  hangs: faulty(topic('hang'), 'hang', { timeout: 1 }),
  exits: faulty(topic('exit'), 'exit', { timeout: 1 }),
  failsLate: faulty(topic('failLate'), 'failLate'),
  rejectsUnheard: faulty(topic('rejectUnheard'), 'rejectUnheard'),
  returnsFunction: faulty(topic('returnFunction'), 'returnFunction'),
  returnsBigInt: faulty(topic('returnBigInt'), 'returnBigInt'),
  longRunning: { topic: topic('long-running'), handler: 'takeLong', extension: noWait },
}));

/** A trigger whose function misbehaves on its first call. */
function faulty(topic: string, handler: string, definition: Record<string, unknown> = {}): TriggerSpec {
  return { topic, handler, definition, extension: noWait };
}

scene.runForAllTests();

beforeAll(async () => {
  // Slow by nature, so it runs in parallel with the other tests.
  await scene.send('long-running', '0');
});

it.each(['throwsText', 'throwsNull', 'hangs', 'exits', 'failsLate', 'rejectsUnheard', 'returnsBigInt'])(
  'when the function %s, its batch is retried and the host survives',
  async (key) => {
    await scene.broker.send(scene.topicOf(key), values('0'));
    await scene.committed(key, 1);
    expect(scene.service.offsets(key)).toEqual([[0], [0]]);
    expect(scene.service.process.exitCode).toBeNull();
  },
);

it('when the function returns values that JSON lacks, they are left out as on AWS', async () => {
  await scene.send('returnFunction', '0');
  await scene.committed('returnsFunction', 1);
  expect(scene.service.offsets('returnsFunction')).toEqual([[0]]);
});

it('when a call takes longer than the session timeout, the member keeps its partition and nothing is redelivered', async () => {
  await scene.committed('longRunning', 1, 30_000);
  expect(scene.service.offsets('longRunning')).toEqual([[0]]);
  expect(await scene.broker.members(scene.groupOf('longRunning'))).toBe(1);
});
