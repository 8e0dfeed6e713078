import { remembered } from './remembered.js';

/** A function that is remembered, and how often it was computed. */
function counted() {
  let computations = 0;
  const lengthOf = remembered((text: string) => {
    computations += 1;
    return text.length;
  });
  return { lengthOf, computations: () => computations };
}

it('when a text comes again, its result is known', () => {
  const { lengthOf, computations } = counted();
  expect([lengthOf('abc'), lengthOf('abc'), computations()]).toEqual([3, 3, 1]);
});

it('when a text is long, nothing of it is kept', () => {
  const { lengthOf, computations } = counted();
  const long = 'x'.repeat(100_000);
  expect([lengthOf(long), lengthOf(long), computations()]).toEqual([100_000, 100_000, 2]);
});
