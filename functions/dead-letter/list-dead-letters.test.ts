import { environment } from '../../test/support/environment.ts';
import { record } from '../../test/support/record.ts';
import { sample } from '../../test/support/sample.ts';
import type { Cause, ListedDeadLetter } from './dead-letter-store.ts';
import { toDeadLetter } from './dead-letter.ts';
import type { Selection } from './operator/selection.ts';

environment();
const { listDeadLetters } = await import('./list-dead-letters.ts');

const cause = (count: number): Cause => ({
  originalTopic: 'order.created',
  consumerGroup: null,
  exceptionClass: 'FaultInjectedError',
  causeClass: null,
  status: 'NEW',
  count,
  oldest: new Date(0),
  newest: new Date(0),
  message: null,
  trend: [],
});

const listed = (deadLetterId: number): ListedDeadLetter => ({
  ...toDeadLetter(record('order.created.DLT', {})),
  deadLetterId,
  archivedAt: new Date(0),
});

/** Holds so many dead letters, with ids from 1. */
function listing(size: number) {
  const asked: Selection[] = [];
  const store = {
    causes: (selection: Selection) => {
      asked.push(selection);
      return Promise.resolve([cause(size - 1), cause(1)]);
    },
    list: (_: Selection, beforeId = size + 1, limit = 0) =>
      Promise.resolve(
        Array.from({ length: Math.min(limit, beforeId - 1) }, (_, index) => listed(beforeId - 1 - index)),
      ),
  };
  return { asked, list: listDeadLetters({ store }) };
}

describe('listing dead letters', () => {
  it('when asked for all, counts them by cause and shows the newest', async () => {
    const result = await listing(30).list(sample('listDeadLetters', 'all'));
    expect(result).toMatchObject({ total: 30, causes: [{ count: 29 }, { count: 1 }], nextCursor: '11' });
    expect(result.deadLetters).toHaveLength(20);
  });

  it('when a page is followed, goes on after it, and the last has no cursor', async () => {
    const result = await listing(30).list({ cursor: '11' });
    expect(result.deadLetters.map(({ deadLetterId }) => deadLetterId)).toEqual([
      10, 9, 8, 7, 6, 5, 4, 3, 2, 1,
    ]);
    expect(result).not.toHaveProperty('nextCursor');
  });

  it('when conditions are named, they reach the store, times as times', async () => {
    const { asked, list } = listing(1);
    await list({ ...(sample('listDeadLetters', 'by-cause') as object), from: '2026-11-22T10:00:00Z' });
    expect(asked).toEqual([
      { exception: 'FaultInjectedError', status: 'NEW', from: new Date('2026-11-22T10:00:00Z') },
    ]);
  });

  it('when several fields are wrong, names each', async () => {
    const wrong = listing(1).list(sample('listDeadLetters', 'invalid'));
    await expect(wrong).rejects.toThrow(/topik/);
    await expect(wrong).rejects.toThrow(/limit/);
    await expect(wrong).rejects.toThrow(/from: Expected a time such as/);
  });
});
