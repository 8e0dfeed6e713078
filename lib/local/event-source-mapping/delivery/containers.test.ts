import { eventually } from '../testing/eventually.ts';
import { Containers, type SpareCoreDuring } from './containers.ts';

/** Calls that end when they are told to. */
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

const busyMachine: SpareCoreDuring = (_, signal) =>
  new Promise((resolve) => {
    signal.addEventListener('abort', () => {
      resolve(false);
    });
  });
const idleMachine: SpareCoreDuring = () => Promise.resolve(true);

it('when no container was started yet, the call has one started', async () => {
  const { running, call, end } = callsOf(new Containers(busyMachine));
  const first = call('first');
  await eventually('the call to run', () => running.includes('first'));
  end('first');
  expect(await first).toBe('first');
});

it('when all containers are busy, calls wait, and each that comes free is handed to the one that came first', async () => {
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

it('when the machine has a core to spare, another container is started, and used from then on without waiting', async () => {
  const { running, call, end } = callsOf(new Containers(idleMachine));
  const calls = ['first', 'second'].map(call);
  await eventually('both to run', () => running.length === 2);
  end('first');
  end('second');
  await Promise.all(calls);
  const again = ['third', 'fourth'].map(call);
  await eventually('both to run', () => running.length === 2, 50); // sooner than a call looks for a spare core
  end('third');
  end('fourth');
  await Promise.all(again);
});

it('when a container stays busy for a second on a machine that is busy too, another one is started all the same', async () => {
  const looks: number[] = [];
  const { running, call, end } = callsOf(
    new Containers((ms) => {
      looks.push(ms);
      return Promise.resolve(false);
    }),
  );
  const calls = ['stuck', 'second'].map(call);
  await eventually('both to run', () => running.length === 2);
  expect(looks).toEqual(Array<number>(9).fill(100)); // the first 100 ms of the second pass without a look
  end('stuck');
  end('second');
  await Promise.all(calls);
});

it('when a call fails, its container is free again', async () => {
  const containers = new Containers(busyMachine);
  await expect(containers.use(() => Promise.reject(new Error('failed')))).rejects.toThrow('failed');
  expect(await containers.use(() => Promise.resolve('next'))).toBe('next');
});
