import { jest } from '@jest/globals';
import { type Bundler, endWhenIdle } from './bundler.ts';

/** A bundler whose builds end when the test says so. */
function slowBundler() {
  const builds: { readonly resolve: () => void; readonly reject: (error: Error) => void }[] = [];
  const disposeContexts = jest.fn(() => Promise.resolve());
  const bundler: Bundler = {
    buildCache: { 'create-order.ts': 'a context' },
    bundle: () =>
      new Promise((resolve, reject) => {
        builds.push({ resolve, reject });
      }),
    disposeContexts,
  };
  return { bundler, builds, disposeContexts };
}

describe('the bundler', () => {
  beforeEach(() => {
    jest.useFakeTimers();
  });
  afterEach(() => {
    jest.useRealTimers();
  });

  it('when it is stopped, then its contexts are released and the next build creates new ones', async () => {
    const { bundler, disposeContexts } = slowBundler();
    const stop = jest.fn(() => Promise.resolve());
    await endWhenIdle(bundler, stop)();
    expect(disposeContexts).toHaveBeenCalledTimes(1);
    expect(bundler.buildCache).toEqual({});
    expect(stop).toHaveBeenCalledTimes(1);
  });

  it('when a minute passes after a change, then it stops', async () => {
    const { bundler, builds } = slowBundler();
    const stop = jest.fn(() => Promise.resolve());
    endWhenIdle(bundler, stop);
    const build = bundler.bundle();
    builds[0]?.resolve();
    await build;
    await jest.advanceTimersByTimeAsync(59_999);
    expect(stop).not.toHaveBeenCalled();
    await jest.advanceTimersByTimeAsync(1);
    expect(stop).toHaveBeenCalledTimes(1);
  });

  it('when files change while a build runs, then one further build covers them all', async () => {
    const { bundler, builds } = slowBundler();
    endWhenIdle(bundler, () => Promise.resolve());
    const first = bundler.bundle();
    const others = [bundler.bundle(), bundler.bundle(), bundler.bundle()];
    expect(builds).toHaveLength(1);
    builds[0]?.resolve();
    await first;
    await jest.advanceTimersByTimeAsync(0);
    expect(builds).toHaveLength(2);
    builds[1]?.resolve();
    await Promise.all(others);
    expect(builds).toHaveLength(2);
  });

  it('when a build fails, then the next change is still built', async () => {
    const { bundler, builds } = slowBundler();
    endWhenIdle(bundler, () => Promise.resolve());
    const first = bundler.bundle();
    const second = bundler.bundle();
    builds[0]?.reject(new Error('a syntax error'));
    await expect(first).rejects.toThrow('a syntax error');
    await jest.advanceTimersByTimeAsync(0);
    builds[1]?.resolve();
    await second;
    expect(builds).toHaveLength(2);
  });
});
