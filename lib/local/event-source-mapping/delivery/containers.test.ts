import { setImmediate } from 'node:timers/promises';
import { eventually } from '../testing/eventually.ts';
import { Containers, type SpareCoreDuring } from './containers.ts';

/** Calls that the test ends. */
function callsOf(containers: Containers) {
  const running: string[] = [];
  const ends = new Map<string, () => void>();
  const call = (name: string) =>
    containers.use(async () => {
      running.push(name);
      const end = Promise.withResolvers<undefined>();
      ends.set(name, () => {
        end.resolve(undefined);
      });
      await end.promise;
      running.splice(running.indexOf(name), 1);
      return name;
    });
  return { running, call, end: (name: string) => ends.get(name)?.() };
}

const looksAt = (hasSpareCore: boolean, looks: number[] = []): SpareCoreDuring => {
  return async (ms) => {
    looks.push(ms);
    await setImmediate();
    return hasSpareCore;
  };
};
const busyMachine = looksAt(false);
const idleMachine = looksAt(true);

it('when no container was started yet, the call starts one', async () => {
  const { running, call, end } = callsOf(new Containers(busyMachine));
  const first = call('first');
  await eventually('the call to run', () => running.includes('first'));
  end('first');
  expect(await first).toBe('first');
});

it('when all containers are busy, calls wait, and a free container goes to the one waiting longest', async () => {
  const { running, call, end } = callsOf(new Containers(busyMachine));
  const names = ['first', 'second', 'third'];
  const calls = names.map(call);
  for (const name of names) {
    await eventually(`the ${name} to run`, () => running.includes(name));
    expect(running).toEqual([name]);
    end(name);
  }
  expect(await Promise.all(calls)).toEqual(names);
});

it('when calls wait and the machine has a core to spare, another container is started and kept', async () => {
  const looks: number[] = [];
  const containers = new Containers(looksAt(true, looks));
  const { running, call, end } = callsOf(containers);
  await containers.use(() => Promise.resolve());
  for (const names of [
    ['first', 'second'],
    ['third', 'fourth'],
  ]) {
    const calls = names.map(call);
    await eventually('both to run', () => running.length === 2);
    names.forEach(end);
    await Promise.all(calls);
  }
  expect(looks).toEqual([300]);
});

it('when the only container is busy with its first call, no other is started yet, even with a core to spare', async () => {
  const looks: number[] = [];
  const { running, call, end } = callsOf(new Containers(looksAt(true, looks)));
  const calls = ['first', 'second'].map(call);
  await eventually('some looks', () => looks.length > 5);
  expect(running).toEqual(['first']);
  end('first');
  await eventually('the second to run', () => running.includes('second'));
  end('second');
  await Promise.all(calls);
});

it('when a container stays busy for a second, another one is started, however busy the machine is', async () => {
  const { running, call, end } = callsOf(new Containers(busyMachine));
  const calls = ['stuck', 'second'].map(call);
  await eventually('both to run', () => running.length === 2);
  end('stuck');
  end('second');
  await Promise.all(calls);
});

it('when a call fails, its container is free again', async () => {
  const containers = new Containers(idleMachine);
  await expect(containers.use(() => Promise.reject(new Error('failed')))).rejects.toThrow('failed');
  expect(await containers.use(() => Promise.resolve('next'))).toBe('next');
});
