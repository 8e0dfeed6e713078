import { jest } from '@jest/globals';
import { limitContainers, stallMs } from './container-limit.ts';
import { patienceMs } from './requests-first.ts';
import type { HostedFunctions } from './serverless-offline.ts';

/** Containers that end their call when the test says so, as serverless-offline's would. */
function hostedFunctions() {
  const running: { functionKey: string; event: unknown; call: PromiseWithResolvers<unknown> }[] = [];
  const functions: HostedFunctions = {
    get: (functionKey) => {
      let received: unknown;
      return {
        setEvent: (event) => (received = event),
        setClientContext: () => undefined,
        runHandler: () => {
          const call = Promise.withResolvers<unknown>();
          running.push({ functionKey, event: received, call });
          return call.promise;
        },
      };
    },
    cleanup: () => Promise.resolve(),
  };
  limitContainers(
    functions,
    () => ({ usual: 2, most: 3 }),
    (functionKey) => functionKey === 'notify',
  );
  const invoke = (functionKey: string, event: unknown = {}) => {
    const invocation = functions.get(functionKey);
    invocation.setEvent(event);
    return invocation.runHandler();
  };
  return { functions, running, invoke };
}

/** Lets everything happen that needs only turns of the event loop. */
const settled = () => new Promise((resolve) => setImmediate(resolve));

describe('the limit of containers', () => {
  it('when more calls arrive than a function may have containers, then the others wait their turn', async () => {
    const { running, invoke } = hostedFunctions();
    const results = [1, 2, 3].map((event) => invoke('createOrder', event));
    await settled();
    expect(running.map(({ event }) => event)).toEqual([1, 2]);
    running[0]?.call.resolve('first');
    expect(await results[0]).toBe('first');
    await settled();
    expect(running.map(({ event }) => event)).toEqual([1, 2, 3]);
  });

  it('when one function is busy, then another is called immediately', async () => {
    const { running, invoke } = hostedFunctions();
    for (let call = 0; call < 5; call += 1) void invoke('createOrder');
    void invoke('getOrder');
    await settled();
    expect(running.map(({ functionKey }) => functionKey)).toContain('getOrder');
  });

  it('when no call gets a turn for a while, then containers are started one by one, up to the most', async () => {
    jest.useFakeTimers({ doNotFake: ['setImmediate'] });
    const { running, invoke } = hostedFunctions();
    for (let call = 0; call < 9; call += 1) void invoke('createOrder');
    await settled();
    jest.advanceTimersByTime(stallMs - 1);
    await settled();
    expect(running).toHaveLength(2);
    jest.advanceTimersByTime(1);
    await settled();
    expect(running).toHaveLength(3);
    jest.advanceTimersByTime(10 * stallMs);
    await settled();
    jest.useRealTimers();
    expect(running).toHaveLength(3);
  });

  it('when calls wait and get their turns, then no further container is started', async () => {
    jest.useFakeTimers({ doNotFake: ['setImmediate'] });
    const { running, invoke } = hostedFunctions();
    for (let call = 0; call < 9; call += 1) void invoke('createOrder');
    await settled();
    for (let turn = 0; turn < 4; turn += 1) {
      jest.advanceTimersByTime(stallMs - 1);
      running[turn]?.call.resolve('done');
      await settled();
      expect(running).toHaveLength(3 + turn);
    }
    jest.useRealTimers();
  });

  it('when a call fails, then its caller learns why, and its container is free again', async () => {
    const { running, invoke } = hostedFunctions();
    const results = [1, 2, 3].map((event) => invoke('createOrder', event));
    await settled();
    running[0]?.call.reject(new Error('no such order'));
    await expect(results[0]).rejects.toThrow('no such order');
    await settled();
    expect(running).toHaveLength(3);
  });

  it('when nobody awaits a call that fails, then the process keeps running', async () => {
    const { running, invoke } = hostedFunctions();
    const unhandled = jest.fn();
    process.on('unhandledRejection', unhandled);
    void invoke('createOrder');
    await settled();
    running[0]?.call.reject(new Error('failed unseen'));
    await settled();
    process.off('unhandledRejection', unhandled);
    expect(unhandled).not.toHaveBeenCalled();
  });

  it('when the containers are ended during calls, then waiting calls proceed', async () => {
    const { functions, running, invoke } = hostedFunctions();
    const results = [1, 2, 3].map((event) => invoke('createOrder', event));
    await settled();
    await functions.cleanup();
    await settled();
    running[2]?.call.resolve('third');
    expect(await results[2]).toBe('third');
    void invoke('createOrder', 4);
    await settled();
    expect(running.map(({ event }) => event)).toEqual([1, 2, 3, 4]);
  });

  describe('of a function with triggers', () => {
    beforeEach(() => {
      jest.useFakeTimers({ doNotFake: ['setImmediate'] });
    });
    afterEach(() => {
      jest.useRealTimers();
    });

    const called = (running: readonly { functionKey: string }[]) => running.map((call) => call.functionKey);

    it('when no request waits for a container, then a call begins at once', async () => {
      const { running, invoke } = hostedFunctions();
      for (let call = 0; call < 2; call += 1) void invoke('createOrder');
      void invoke('notify');
      await settled();
      expect(called(running)).toEqual(['createOrder', 'createOrder', 'notify']);
    });

    it('when requests wait, then a call begins once none does any longer', async () => {
      const { running, invoke } = hostedFunctions();
      for (let call = 0; call < 3; call += 1) void invoke('createOrder');
      void invoke('notify');
      await jest.advanceTimersByTimeAsync(100);
      expect(called(running)).toEqual(['createOrder', 'createOrder']);
      running[0]?.call.resolve('done');
      await jest.advanceTimersByTimeAsync(25);
      expect(called(running).slice(2)).toEqual(['createOrder', 'notify']);
    });

    it('when requests never stop waiting, then a call begins after a quarter of a second', async () => {
      const { running, invoke } = hostedFunctions();
      for (let call = 0; call < 9; call += 1) void invoke('createOrder');
      void invoke('notify');
      await jest.advanceTimersByTimeAsync(patienceMs - 1);
      expect(called(running)).not.toContain('notify');
      await jest.advanceTimersByTimeAsync(1);
      expect(called(running)).toContain('notify');
    });

    it('when calls of other triggers wait for a container, then a call begins at once', async () => {
      const { running, invoke } = hostedFunctions();
      for (let call = 0; call < 9; call += 1) void invoke('notify');
      await settled();
      expect(running).toHaveLength(2);
    });
  });
});
