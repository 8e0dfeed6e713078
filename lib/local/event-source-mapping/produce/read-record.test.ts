import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readRecord } from './read-record.ts';

it('when key, value and headers are given, the record has them; a repeated header keeps all its values', () => {
  const header = ['a=1', 'b=x=y', 'a=2', 'empty='];
  expect(readRecord({ key: '7', value: '{"broken', header })).toEqual({
    key: '7',
    value: '{"broken',
    headers: { a: ['1', '2'], b: ['x=y'], empty: [''] },
  });
});

it('when a header is called like something that every object has, it is a header', () => {
  const { headers = {} } = readRecord({ value: '', header: ['constructor=1', '__proto__=2'] });
  expect(Object.entries(headers)).toEqual([
    ['constructor', ['1']],
    ['__proto__', ['2']],
  ]);
});

it('when there is no key, the record has none; an empty value is a value', () => {
  expect(readRecord({ value: '' })).toEqual({ key: null, value: '', headers: {} });
});

it('when the value is a file, its bytes are used unchanged', () => {
  const folder = mkdtempSync(join(tmpdir(), 'record-'));
  const file = join(folder, 'value.bin');
  const bytes = Buffer.from([0, 255, 10]);
  writeFileSync(file, bytes);
  expect(readRecord({ file }).value).toEqual(bytes);
  rmSync(folder, { recursive: true });
});

it.each([
  ['no value', {}, '--value TEXT or as --file PATH'],
  ['two values', { value: 'x', file: 'y' }, '--value TEXT or as --file PATH'],
  [
    'a missing file',
    { file: '/nowhere/value.json' },
    /cannot be read from --file \/nowhere\/value.json: .*ENOENT/,
  ],
  ['a header without a value', { value: 'x', header: ['trace'] }, '--header trace is not a name and a value'],
  ['a header without a name', { value: 'x', header: ['=1'] }, '--header =1 is not a name and a value'],
])('when the options have %s, they are refused', (_, options, sentence) => {
  expect(() => readRecord(options)).toThrow(sentence);
});
