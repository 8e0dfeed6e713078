import { keepRunning } from './keep-running.ts';
import type { RunningProgram } from './program.ts';
import { until } from './until.ts';

/** A program that ends when the test says so. */
function program(pid: number, lastWords = 'FATAL: no more') {
  const end = Promise.withResolvers<undefined>();
  const running: RunningProgram = {
    pid,
    logFile: import.meta.filename, // on a disk that has space
    exited: end.promise,
    lastOutput: () => Promise.resolve(lastWords),
    stop: () => {
      end.resolve(undefined);
      return Promise.resolve();
    },
  };
  return {
    running,
    end: () => {
      end.resolve(undefined);
    },
  };
}

function keep(starts: (() => Promise<RunningProgram>)[]) {
  const first = program(1);
  const reports: string[] = [];
  const kept = keepRunning(first.running, {
    name: 'Kafka',
    start: () => (starts.shift() ?? (() => Promise.reject(new Error('no start was expected'))))(),
    report: (sentence) => void reports.push(sentence),
    firstPauseMs: 1,
  });
  const reported = (count: number) =>
    until(() => reports.length >= count, { deadlineMs: 5000, what: `${count} reports` });
  return { first, kept, reports, reported };
}

describe('a program that is kept running', () => {
  it('when it exits unexpectedly, then the reason and its log are reported, and it is restarted', async () => {
    const second = program(2);
    const { first, kept, reports, reported } = keep([() => Promise.resolve(second.running)]);
    expect(kept.pid).toBe(1);
    first.end();
    await reported(2);
    expect(reports[0]).toBe(
      `Kafka exited unexpectedly (FATAL: no more) and is being restarted; its log is ${import.meta.filename}.`,
    );
    expect(reports[1]).toBe('Kafka is running again.');
    expect(kept.pid).toBe(2);
    await kept.stop();
  });

  it('when it cannot be restarted immediately, then that is reported once, and it is tried until it can', async () => {
    const fails = () => Promise.reject(new Error('still no space'));
    const second = program(2);
    const { first, kept, reports, reported } = keep([
      fails,
      fails,
      fails,
      () => Promise.resolve(second.running),
    ]);
    first.end();
    await reported(3);
    expect(reports.slice(1)).toEqual([
      'Kafka could not be restarted, and will be tried until it can: still no space',
      'Kafka is running again.',
    ]);
    await kept.stop();
  });

  it('when it comes back and exits again, then it is restarted again', async () => {
    const second = program(2);
    const third = program(3);
    const starts = [second, third].map(
      ({ running }) =>
        () =>
          Promise.resolve(running),
    );
    const { first, kept, reported } = keep(starts);
    first.end();
    await reported(2);
    second.end();
    await reported(4);
    expect(kept.pid).toBe(3);
    await kept.stop();
  });

  it('when it is stopped, then nothing is reported and nothing started', async () => {
    const { first, kept, reports } = keep([]);
    await kept.stop();
    await first.running.exited;
    expect(reports).toEqual([]);
  });

  it('when it is stopped while it cannot be restarted, then the attempts end, too', async () => {
    const { first, kept, reports, reported } = keep([() => Promise.reject(new Error('still no space'))]);
    first.end();
    await reported(2);
    await kept.stop();
    expect(reports).toHaveLength(2);
  });
});
