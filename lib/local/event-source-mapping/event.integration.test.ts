import { jest } from '@jest/globals';
import { eventually } from './testing/eventually.ts';
import { recordsOf } from './testing/offline-service.ts';
import { noWait, TriggerScene } from './testing/trigger-scene.ts';

jest.setTimeout(60_000);

const scene = new TriggerScene(
  (topic) => ({
    shape: { topic: topic('shape'), handler: 'succeed', extension: noWait },
    appendTime: { topic: topic('append-time'), handler: 'succeed', extension: noWait },
  }),
  { configs: { 'append-time': { 'message.timestamp.type': 'LogAppendTime' } } },
);

scene.runForAllTests();

it('when a record has key, value and headers, it arrives in the same format as on AWS', async () => {
  const bytes = Buffer.from([104, 101, 97, 220, 0, 127, 128]);
  const timestamp = '1545084650987';
  await scene.broker.send(scene.topic('shape'), [
    { key: 'recordKey', value: 'Hello', timestamp, headers: { b: bytes, a: ['1', '2'], 7: 'x' } },
  ]);
  const [call] = await scene.callsOf('shape', 1);
  expect(call?.event).toEqual({
    eventSource: 'SelfManagedKafka',
    bootstrapServers: expect.stringMatching(/^[^\s]+:\d+$/) as string,
    records: {
      [`${scene.topic('shape')}-0`]: [
        {
          topic: scene.topic('shape'),
          partition: 0,
          offset: 0,
          timestamp: 1545084650987,
          timestampType: 'CREATE_TIME',
          key: 'cmVjb3JkS2V5',
          value: 'SGVsbG8=',
          headers: [{ 7: [120] }, { b: [104, 101, 97, -36, 0, 127, -128] }, { a: [49] }, { a: [50] }],
        },
      ],
    },
  });
});

it('when key or value is absent, the field is left out; when empty, it is empty text', async () => {
  await scene.broker.send(scene.topic('shape'), [
    { key: null, value: null },
    { key: '', value: '' },
  ]);
  await scene.callsOf('shape', 2);
  const records = await eventually('both records', () => {
    const found = scene.service.calls('shape').flatMap(recordsOf);
    return found.length >= 3 && found.slice(1);
  });
  expect(records[0]).not.toHaveProperty('key');
  expect(records[0]).not.toHaveProperty('value');
  expect(records[0]?.headers).toEqual([]);
  expect(records[1]).toMatchObject({ key: '', value: '' });
});

it('when the topic uses log append time, the record says so', async () => {
  const before = Date.now();
  await scene.broker.send(scene.topic('append-time'), [{ value: 'x', timestamp: '1' }]);
  const [call] = await scene.callsOf('appendTime', 1);
  const [record] = call ? recordsOf(call) : [];
  expect(record?.timestampType).toBe('LOG_APPEND_TIME');
  expect(record?.timestamp).toBeGreaterThanOrEqual(before - 1000);
});
