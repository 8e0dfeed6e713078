import { PollerStates } from './poller-state.ts';

it('when a poller is rebalanced while reading, it settles again', () => {
  const states = new PollerStates();
  states.enter('settling');
  states.enter('reading');
  states.enter('settling');
  expect(states.current).toBe('settling');
});

it('when reading follows joining, that is a bug: start offsets are not known', () => {
  expect(() => new PollerStates().enter('reading')).toThrow('reading cannot follow joining');
});

it('when it is draining, no other state follows', () => {
  const states = new PollerStates();
  states.enter('draining');
  expect(() => states.enter('joining')).toThrow('joining cannot follow draining');
  expect(states.enterUnlessDraining('settling')).toBeUndefined();
  expect(states.current).toBe('draining');
});

it('when a second assignment arrives, work for the first is void', () => {
  const states = new PollerStates();
  const first = states.enter('settling');
  const second = states.enter('settling');
  expect(states.isCurrent(first)).toBe(false);
  expect(states.isCurrent(second)).toBe(true);
});
