import { jest } from '@jest/globals';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { recordsOf, textOf, type TriggerSpec } from './testing/offline-service.ts';
import { noWait, TriggerScene } from './testing/trigger-scene.ts';

jest.setTimeout(60_000);

const scene = new TriggerScene((topic): Record<string, TriggerSpec> => ({
  typed: { topic: topic('typed'), handler: 'succeed', extension: noWait },
}));

const produce = (...options: string[]) =>
  scene.service.runBeside('kafka', 'produce', scene.topic('typed'), ...options);

scene.runForAllTests();

it('when a record is typed, the function gets it, and the command prints its position', async () => {
  const printed = await produce('--key', '7', '--value', '{"broken', '--header', 'a=1', '--header', 'b=2');
  expect(printed).toBe(`${scene.topic('typed')}, partition 0, offset 0\n`);
  const [call] = await scene.callsOf('typed', 1);
  const [record] = call ? recordsOf(call) : [];
  expect(record && textOf(record)).toBe('{"broken');
  expect(record).toMatchObject({ key: 'Nw==', headers: [{ a: [49] }, { b: [50] }] });
});

it('when the value is a file, the function gets its bytes', async () => {
  const file = join(scene.service.folder, 'value.bin');
  writeFileSync(file, Buffer.from([0, 255]));
  await produce('--file', file);
  const [, call] = await scene.callsOf('typed', 2);
  expect(call && recordsOf(call)[0]).toMatchObject({ value: 'AP8=' });
});

it.each([
  [
    ['orders-misspelt', '--value', 'x'],
    `There is no topic "orders-misspelt". The triggers of this service read: ${scene.topic('typed')}.`,
  ],
  [['orders'], 'Give the value of the record either as --value TEXT or as --file PATH.'],
  [['--value', 'x'], 'Name the topic right after the command'],
])('when the command is invalid (%j), it fails with a sentence', async (args, sentence) => {
  await expect(scene.service.runBeside('kafka', 'produce', ...args)).rejects.toMatchObject({
    code: 1,
    stdout: expect.stringContaining(sentence) as string,
  });
});
