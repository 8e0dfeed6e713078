import { headersByName } from './headers-by-name.ts';

it('when names repeat, each has all its values, even a name that every object inherits', () => {
  const names = ['h', 'constructor', '__proto__', 'toString', 'h', 'constructor'];
  const headers = headersByName(names.map((name, index) => [name, index] as const));
  expect(Object.entries(headers)).toEqual([
    ['h', [0, 4]],
    ['constructor', [1, 5]],
    ['__proto__', 2],
    ['toString', 3],
  ]);
});

it('when a record is full of headers of one name, they are grouped quickly', () => {
  const startedAt = performance.now();
  const headers = headersByName(Array.from({ length: 300_000 }, (_, index) => ['h', index] as const));
  expect(headers['h']).toHaveLength(300_000);
  expect(performance.now() - startedAt).toBeLessThan(5_000);
});
