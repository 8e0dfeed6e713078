import { DatabaseUnavailableError } from '../../lib/errors.ts';
import { recordsOf } from '../../lib/kafka/records.ts';
import { environment } from '../../test/support/environment.ts';
import { kafkaSample } from '../../test/support/sample.ts';
import type { DeadLetter } from './dead-letter.ts';

environment();
const { archiveDeadLetter } = await import('./archive-dead-letter.ts');

const records = recordsOf(kafkaSample('archiveDeadLetter', 'mixed-batch'));

describe('archiving dead letters', () => {
  it('when a batch comes, files all of it at once and says how many were new', async () => {
    const batches: (readonly DeadLetter[])[] = [];
    const archive = (letters: readonly DeadLetter[]) => {
      batches.push(letters);
      return Promise.resolve(3);
    };
    expect(await archiveDeadLetter({ store: { archive } })(records)).toEqual({ archived: 3 });
    expect(batches.map((letters) => letters.map(({ offset }) => offset))).toEqual([[1, 2, 3, 4]]);
  });

  it('when a record lacks what identifies it, files the others, then fails and names the field', async () => {
    const filed: DeadLetter[] = [];
    const archive = (letters: readonly DeadLetter[]) => Promise.resolve(filed.push(...letters));
    const [first] = records;
    const odd = recordsOf({
      records: { 'order.created.DLT-0': [{ topic: 'order.created.DLT', partition: 0 }] },
    });
    await expect(
      archiveDeadLetter({ store: { archive } })([...odd, ...(first ? [first] : [])]),
    ).rejects.toThrow('records["order.created.DLT-0"][0].offset must be a whole number from 0.');
    expect(filed.map(({ offset }) => offset)).toEqual([1]);
  });

  it('when PostgreSQL is down, fails, so that the trigger delivers again', async () => {
    const archive = () => Promise.reject(new DatabaseUnavailableError('unreachable'));
    await expect(archiveDeadLetter({ store: { archive } })(records)).rejects.toBeInstanceOf(
      DatabaseUnavailableError,
    );
  });
});
