import { en } from './en.ts';
import { ko } from './ko.ts';

/** Every text of a dictionary by its path; a function is called with ones. */
function textsOf(value: unknown, path = ''): [string, string][] {
  if (typeof value === 'string') return [[path, value]];
  if (typeof value === 'function')
    return [[path, String((value as (...all: number[]) => unknown)(1, 1, 1, 1))]];
  return Object.entries(value as object).flatMap(([name, entry]) => textsOf(entry, `${path}/${name}`));
}

/** What reads the same in both languages. */
const same = ['/desk/source/api', '/columns/sku', '/placeOrder/sku', '/journey/channels/sms'];

it('when a text is there in English, is there in Korean, and is not left in English', () => {
  const korean = new Map(textsOf(ko));
  expect([...korean.keys()].toSorted()).toEqual(
    textsOf(en)
      .map(([path]) => path)
      .toSorted(),
  );
  const left = textsOf(en).filter(([path, text]) => korean.get(path) === text && !same.includes(path));
  expect(left).toEqual([]);
});
