import { environment } from '../../test/support/environment.ts';
import { sample } from '../../test/support/sample.ts';
import type { Operation } from './operation.ts';
import type { Status } from './dead-letter.ts';
import type { Selection } from './operator-request.ts';

environment();
const { parkDeadLetters } = await import('./park-dead-letters.ts');
const { discardDeadLetters } = await import('./discard-dead-letters.ts');

/** Matches two dead letters, whatever is asked. */
function fakeStore() {
  const marks: { operation: Operation; selection: Selection; status: Status }[] = [];
  return {
    marks,
    count: () => Promise.resolve(2),
    mark: (operation: Operation, selection: Selection, status: Status) => {
      marks.push({ operation, selection, status });
      return Promise.resolve(2);
    },
  };
}

describe.each([
  ['parking', parkDeadLetters, 'PARK', 'PARKED', 'DISCARDED'],
  ['discarding', discardDeadLetters, 'DISCARD', 'DISCARDED', 'PARKED'],
] as const)('%s dead letters', (_, mark, action, status, otherStatus) => {
  it('when a cause is named, marks what is new of it, and remembers who did', async () => {
    const store = fakeStore();
    const result = await mark({ store })({ exception: 'InvalidRecordError', operator: 'ada' });
    const selection = { exception: 'InvalidRecordError', status: 'NEW' };
    expect(result).toEqual({ operationId: expect.any(String) as string, matching: 2, changed: 2 });
    expect(store.marks).toMatchObject([
      { operation: { action, operator: 'ada', request: selection }, selection, status },
    ]);
  });

  it(`when ${otherStatus} ones are named, takes those`, async () => {
    const store = fakeStore();
    await mark({ store })({ ids: [1], status: otherStatus });
    expect(store.marks[0]?.selection).toEqual({ ids: [1], status: otherStatus });
  });

  it('when it is a dry run, counts and changes nothing', async () => {
    const store = fakeStore();
    expect(await mark({ store })({ ids: [1], dryRun: true })).toEqual({ matching: 2, changed: 0 });
    expect(store.marks).toEqual([]);
  });

  it.each([
    ['no condition is named', sample('parkDeadLetters', 'invalid'), /Name the dead letters/],
    ['nothing is asked', undefined, /Name the dead letters/],
    ['fields are wrong', sample('discardDeadLetters', 'invalid'), /ids.*status|status.*ids/],
  ])('when %s, refuses and says why', async (_, request, message) => {
    const store = fakeStore();
    await expect(mark({ store })(request)).rejects.toMatchObject({
      code: 'OPENORDER_INVALID_REQUEST',
      message: expect.stringMatching(message) as string,
    });
    expect(store.marks).toEqual([]);
  });
});
