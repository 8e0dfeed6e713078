import { environment } from '../../../test/support/environment.ts';
import { sample } from '../../../test/support/sample.ts';
import type { Operation } from '../operation.ts';
import type { Marking } from '../store/mark.ts';
import type { Accept, Snapshot } from '../store/snapshot.ts';

environment();
const { parkDeadLetters } = await import('../park-dead-letters.ts');
const { discardDeadLetters } = await import('../discard-dead-letters.ts');

/** Matches two dead letters, whatever is asked, until others match. */
function fakeStore() {
  const marks: ({ operation: Operation } & Marking)[] = [];
  let matching: Snapshot = { matching: 2, throughId: 9, oldestId: 1, fingerprint: 'two' };
  return {
    marks,
    nowMatches: (changed: Partial<Snapshot>) => {
      matching = { ...matching, ...changed };
    },
    causes: () => Promise.resolve([]),
    snapshot: () => Promise.resolve(matching),
    mark: async (operation: Operation, marking: Marking, accept: Accept) => {
      await Promise.resolve();
      accept(matching);
      marks.push({ operation, ...marking });
      return matching.matching;
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
    expect(await mark({ store })({ ids: [1], dryRun: true })).toEqual({
      matching: 2,
      changed: 0,
      throughId: 9,
      oldestId: 1,
      causes: [],
      preview: expect.any(String) as string,
    });
    expect(store.marks).toEqual([]);
  });

  it('when it carries a preview, takes what was shown and nothing that came later', async () => {
    const store = fakeStore();
    const { preview } = await mark({ store })({ topic: 'order.created', dryRun: true });
    store.nowMatches({ throughId: 9 });
    expect(await mark({ store })({ topic: 'order.created', preview })).toMatchObject({ changed: 2 });
    expect(store.marks).toMatchObject([
      { selection: { topic: 'order.created', status: 'NEW' }, throughId: 9, status },
    ]);
  });

  it('when only the preview is named, its conditions count', async () => {
    const store = fakeStore();
    const { preview } = await mark({ store })({ topic: 'order.created', dryRun: true });
    await mark({ store })({ preview });
    expect(store.marks).toMatchObject([{ selection: { topic: 'order.created', status: 'NEW' } }]);
  });

  it.each([
    ['more', { matching: 3, fingerprint: 'three' }],
    ['as many others', { matching: 2, fingerprint: 'two others' }],
  ])(
    'when %s match than the preview showed, changes nothing and shows the new preview',
    async (_, changed) => {
      const store = fakeStore();
      const { preview } = await mark({ store })({ topic: 'order.created', dryRun: true });
      store.nowMatches(changed);
      const refused = mark({ store })({ topic: 'order.created', preview });
      await expect(refused).rejects.toMatchObject({
        code: 'OPENORDER_PREVIEW_OUTDATED',
        preview: { matching: changed.matching, preview: expect.any(String) as string },
      });
      expect(store.marks).toEqual([]);
    },
  );

  it.each([
    ['is damaged', { topic: 'order.created' }, 'eyJ', /preview: Expected the preview/],
    ['is of other conditions', { topic: 'order.cancelled' }, undefined, /preview: .* other conditions/],
  ])('when the preview %s, refuses', async (_, selection, given, message) => {
    const store = fakeStore();
    const { preview } = await mark({ store })({ topic: 'order.created', dryRun: true });
    await expect(mark({ store })({ ...selection, preview: given ?? preview })).rejects.toMatchObject({
      code: 'OPENORDER_INVALID_REQUEST',
      message: expect.stringMatching(message) as string,
    });
  });

  it('when the preview is of another action, refuses', async () => {
    const store = fakeStore();
    const other = mark === parkDeadLetters ? discardDeadLetters : parkDeadLetters;
    const { preview } = await other({ store })({ topic: 'order.created', dryRun: true });
    await expect(mark({ store })({ preview })).rejects.toThrow('another action');
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
