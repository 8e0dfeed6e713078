import { hexDump, indented, textOf } from './bytes.ts';

it('when bytes are text, show as text, else in base64', () => {
  expect(textOf({ text: 'a' })).toBe('a');
  expect(textOf({ base64: '/w==' })).toBe('/w==');
  expect(textOf(null)).toBe('');
});

it('when a value is JSON, is indented; when it is not, stays as it is', () => {
  expect(indented('{"a":1}')).toBe('{\n  "a": 1\n}');
  expect(indented('{broken')).toBe('{broken');
});

it('when bytes are dumped, each line has 16, with the printable characters beside them', () => {
  const dump = hexDump({ text: 'abcdefghijklmnop\n' }).split('\n');
  expect(dump).toEqual([
    '000000  61 62 63 64 65 66 67 68 69 6a 6b 6c 6d 6e 6f 70  abcdefghijklmnop',
    `000010  0a${' '.repeat(45)}  .`,
  ]);
  expect(hexDump({ base64: '/w==' })).toContain('ff');
});
