import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { KafkaEvent } from '../lib/kafka/records.ts';
import { recordsOf } from '../lib/kafka/records.ts';

const directory = import.meta.dirname;
const map = readFileSync(join(directory, '..', 'serverless.yml'), 'utf8');
const functionKeys = [...map.matchAll(/^ {2}(\w+):[^\n]*\n {4}handler:/gm)].map(([, key = '']) => key);

const samples = functionKeys
  .filter((key) => existsSync(join(directory, key)))
  .flatMap((key) => readdirSync(join(directory, key)).map((file) => join(key, file)));
const kafkaSamples = samples
  .map((path) => [path, JSON.parse(readFileSync(join(directory, path), 'utf8')) as KafkaEvent] as const)
  .filter(([, event]) => 'records' in event);

describe('the samples', () => {
  it.each(functionKeys)('when %s is to be tried, there is a sample for it', (key) => {
    expect(existsSync(join(directory, key))).toBe(true);
    expect(readdirSync(join(directory, key)).length).toBeGreaterThan(0);
  });

  it('when a folder is here, it is named after a function', () => {
    const folders = readdirSync(directory, { withFileTypes: true }).filter((entry) => entry.isDirectory());
    expect(functionKeys).toEqual(expect.arrayContaining(folders.map(({ name }) => name)));
  });

  it.each(kafkaSamples)(
    'when %s is read, each record lies under its own topic and partition, in offset order',
    (_path, event) => {
      for (const [lane, records] of Object.entries(event.records)) {
        expect(records.map(({ topic, partition }) => `${topic}-${partition}`)).toEqual(
          records.map(() => lane),
        );
        const offsets = records.map(({ offset }) => offset);
        expect(offsets).toEqual(offsets.toSorted((a, b) => a - b));
      }
      expect(recordsOf(event).length).toBeGreaterThan(0);
    },
  );
});
