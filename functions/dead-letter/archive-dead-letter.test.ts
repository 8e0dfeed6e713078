import { environment } from '../../test/support/environment.ts';
import { kafkaSample } from '../../test/support/sample.ts';
import { DatabaseUnavailableError } from '../../lib/errors.ts';
import { recordsOf } from '../../lib/kafka/records.ts';
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

  it('when PostgreSQL is away, fails, so that the trigger delivers again', async () => {
    const archive = () => Promise.reject(new DatabaseUnavailableError('away'));
    await expect(archiveDeadLetter({ store: { archive } })(records)).rejects.toBeInstanceOf(
      DatabaseUnavailableError,
    );
  });
});
