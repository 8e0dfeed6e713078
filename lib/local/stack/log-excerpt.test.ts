import { excerptOf } from './log-excerpt.ts';

describe('an excerpt of a log', () => {
  it('when Kafka exited with an exception, then it is the exception and its cause, without stack frames', () => {
    const frames = Array.from(
      { length: 20 },
      (_, line) => `\tat kafka.log.LogManager.frame(LogManager.scala:${line})`,
    );
    const log = [
      '[main] WARN org.apache.kafka.server.Thing - slow',
      '[main] ERROR kafka.Kafka$ - Exiting Kafka due to fatal exception',
      'org.apache.kafka.common.KafkaException: cannot write',
      ...frames,
      'Caused by: java.io.IOException: No space left on device',
      ...frames,
      '\t... 12 more',
      '',
    ].join('\n');
    expect(excerptOf(log).split('\n')).toEqual([
      '[main] ERROR kafka.Kafka$ - Exiting Kafka due to fatal exception',
      'org.apache.kafka.common.KafkaException: cannot write',
      'Caused by: java.io.IOException: No space left on device',
    ]);
  });

  it('when PostgreSQL exited, then it is what it calls fatal', () => {
    const log = [
      '2026-11-28 10:00:00.000 UTC [7] LOG:  starting PostgreSQL 18.4',
      '2026-11-28 10:00:00.001 UTC [7] FATAL:  could not write lock file "postmaster.pid": No space left on device',
      '2026-11-28 10:00:00.002 UTC [7] LOG:  database system is shut down',
    ].join('\n');
    expect(excerptOf(log)).toMatch(/^2026.*FATAL: .*No space left on device$/);
  });

  it('when there is no complaint, then it is the last lines; an empty log gives nothing', () => {
    expect(excerptOf('one\ntwo\nthree\nfour\nfive\n')).toBe('two\nthree\nfour\nfive');
    expect(excerptOf('')).toBe('');
  });

  it('when a line is very long or repeated, then it is cut, and shown once', () => {
    expect(excerptOf(`ERROR ${'x'.repeat(1000)}\n`.repeat(3))).toBe(`ERROR ${'x'.repeat(294)}`);
  });
});
