import { frictionOf, isTyped } from './friction.ts';

describe('how hard a change is made', () => {
  it.each([
    [1, 'local', 'click'],
    [1, 'production', 'click'],
    [2, 'local', 'dialog'],
    [99, 'local', 'dialog'],
    [100, 'local', 'type'],
    [2, 'production', 'type'],
    [2, 'prod', 'type'],
    [2, 'eu-prod', 'type'],
    [2, 'products', 'dialog'],
  ])('when %i are changed on stage %s, it takes a %s', (count, stage, friction) => {
    expect(frictionOf(count, stage)).toBe(friction);
  });

  it.each([
    ['1200', true],
    ['1,200', true],
    ['1 200', true],
    ['120', false],
    ['', false],
    ['yes', false],
  ])('when %s is typed for 1200, it counts or not', (text, counts) => {
    expect(isTyped(text, 1_200)).toBe(counts);
  });
});
