import { until } from './until.ts';

describe('waiting for a condition', () => {
  it('when the condition becomes true after some attempts, then its value is returned', async () => {
    let tries = 0;
    const condition = () => (++tries < 3 ? undefined : 'there');
    expect(await until(condition, { deadlineMs: 1000, intervalMs: 1, what: 'it' })).toBe('there');
    expect(tries).toBe(3);
  });

  it('when the condition throws, then it is checked again, and its last error is the final cause', async () => {
    const cause = new Error('not yet');
    const waiting = until(() => Promise.reject(cause), { deadlineMs: 5, intervalMs: 1, what: 'the moon' });
    await expect(waiting).rejects.toMatchObject({
      message: 'Gave up waiting for the moon after 5 ms.',
      cause,
    });
  });

  it('when the signal is aborted during the wait, then the wait ends with its reason', async () => {
    const abort = new AbortController();
    const waiting = until(() => false, {
      deadlineMs: 60_000,
      intervalMs: 60_000,
      what: 'ever',
      signal: abort.signal,
    });
    abort.abort(new Error('enough'));
    await expect(waiting).rejects.toThrow('enough');
  });
});
