import type { Bed } from '../service/bed.ts';
import type { RunningProgram } from '../service/service.ts';
import { type Usage, usageOf } from './processes.ts';

/**
 * What each process used during some work: the CPU time of that work alone, and memory at its end. Undefined
 * where it cannot be read.
 */
export type Usages = Readonly<Record<'program' | 'kafka' | 'postgres', Usage | undefined>>;

/** Does the work and reports what the program, Kafka and PostgreSQL used during it. */
export async function usageDuring<Result>(
  { stack }: Bed,
  program: RunningProgram,
  work: () => Promise<Result>,
): Promise<{ result: Result; usage: Usages }> {
  const { kafka = 0, postgres = 0 } = stack.pids;
  const read = () => Promise.all([usageOf(program.pid), usageOf(kafka), usageOf(postgres)]);
  const before = await read();
  const result = await work();
  const after = await read();
  const [own, broker, database] = after.map((usage, index) => since(before[index], usage));
  return { result, usage: { program: own, kafka: broker, postgres: database } };
}

/** CPU time of all processes divided by `count`, in µs; undefined where it cannot be read. */
export function cpuMicroseconds({ program, kafka, postgres }: Usages, count: number): number | undefined {
  if (!program || !kafka || !postgres) return undefined;
  return ((program.cpuMs + kafka.cpuMs + postgres.cpuMs) * 1000) / count;
}

function since(before: Usage | undefined, after: Usage | undefined): Usage | undefined {
  return before && after && { cpuMs: after.cpuMs - before.cpuMs, rssMb: after.rssMb };
}
