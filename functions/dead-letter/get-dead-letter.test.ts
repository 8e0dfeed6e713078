import { recordsOf } from '../../lib/kafka/records.ts';
import { environment } from '../../test/support/environment.ts';
import { kafkaSample, sample } from '../../test/support/sample.ts';
import { type DeadLetter, toDeadLetter } from './dead-letter.ts';

environment();
const { getDeadLetter } = await import('./get-dead-letter.ts');

const [letter] = recordsOf(kafkaSample('archiveDeadLetter', 'dead-letter')).map(toDeadLetter);

/** Shows the one dead letter there is, with whatever differs from the sample. */
function show(rest: Partial<DeadLetter> = {}, request = sample('getDeadLetter', 'dead-letter')) {
  const found = letter && {
    ...letter,
    ...rest,
    deadLetterId: 1,
    archivedAt: new Date(0),
    changedAt: null,
    refusal: null,
    changedBy: null,
  };
  return getDeadLetter({
    store: {
      find: (id) => Promise.resolve(id === 1 ? found : undefined),
      historyOf: () => Promise.resolve([]),
    },
  })(request);
}

describe('showing a dead letter', () => {
  it('when key, value and headers are text, shows the text, and the numbers of Spring as numbers', async () => {
    const shown = await show();
    expect(shown?.key).toEqual({ text: '900000001' });
    expect(shown?.value).toMatchObject({ text: expect.stringContaining('"orderId":900000001') as string });
    expect(shown?.headers).toContainEqual({ name: 'kafka_dlt-original-partition', text: '0' });
    expect(shown?.headers).toContainEqual({ name: 'kafka_dlt-original-timestamp', text: '1795341600001' });
    expect(shown?.headers).toContainEqual({ name: 'kafka_dlt-original-topic', text: 'order.created' });
  });

  it('when bytes are no text, shows base64', async () => {
    const bytes = Buffer.from([255, 0, 254]);
    const shown = await show({ key: bytes, value: bytes, headers: [{ name: 'h', value: bytes }] });
    expect(shown).toMatchObject({
      key: { base64: '/wD+' },
      value: { base64: '/wD+', bytes: 3, cut: false },
      headers: [{ name: 'h', base64: '/wD+' }],
    });
  });

  it('when the value is to be cut, shows its first 64 KiB and says how long it is; else the whole', async () => {
    const value = Buffer.alloc(70_000, 'a');
    expect((await show({ value }, { id: 1, value: 'cut' }))?.value).toEqual({
      text: 'a'.repeat(65_536),
      bytes: 70_000,
      cut: true,
    });
    expect((await show({ value }))?.value).toEqual({ text: 'a'.repeat(70_000), bytes: 70_000, cut: false });
  });

  it('when key and value are null, shows null', async () => {
    expect(await show({ key: null, value: null })).toMatchObject({ key: null, value: null });
  });

  it('when there is none with the id, is null', async () => {
    expect(
      await getDeadLetter({
        store: { find: () => Promise.resolve(undefined), historyOf: () => Promise.resolve([]) },
      })({ id: 9 }),
    ).toBeNull();
  });

  it('when the id is no number, says so', async () => {
    await expect(
      getDeadLetter({
        store: { find: () => Promise.resolve(undefined), historyOf: () => Promise.resolve([]) },
      })(sample('getDeadLetter', 'invalid')),
    ).rejects.toMatchObject({
      code: 'OPENORDER_INVALID_REQUEST',
      message: expect.stringContaining('id:') as string,
    });
  });
});
