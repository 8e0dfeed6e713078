import { statfs } from 'node:fs/promises';
import { dirname } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import type { RunningProgram } from './program.ts';

/** How {@link keepRunning} brings a program back. */
export interface KeepRunningOptions {
  /** The name as used in a sentence: "Kafka". */
  readonly name: string;
  /** Restarts the program on the same port and data. */
  readonly start: (signal: AbortSignal) => Promise<RunningProgram>;
  /** Gets a sentence for the person at the terminal. */
  readonly report: (sentence: string) => void;
  /** The pause before the first attempt, in ms; it doubles up to {@link longestPauseMs}. */
  readonly firstPauseMs?: number;
}

/** A program that is restarted when it exits unexpectedly. */
export interface KeptProgram {
  /** The process id of the program that is running, or ran last. */
  readonly pid: number;
  readonly stop: () => Promise<void>;
}

/**
 * A full disk accepts writes again as soon as someone frees space: worth checking this often, in ms.
 */
const longestPauseMs = 15_000;

/**
 * With less disk space than this, in bytes, neither Kafka nor PostgreSQL can continue: each writes whole
 * segments of 16 MB.
 */
const leastSpace = 32 * 1024 * 1024;

/**
 * Watches a running program, and restarts it when it exits unexpectedly, trying for as long as it takes. Of
 * consecutive failed attempts, only the first is reported.
 */
export function keepRunning(program: RunningProgram, options: KeepRunningOptions): KeptProgram {
  const stopping = new AbortController();
  let current = program;
  const watch = async () => {
    for (;;) {
      await current.exited;
      if (stopping.signal.aborted) return;
      options.report(await obituary(current, options.name));
      const next = await restarted(options, stopping.signal);
      if (!next) return;
      current = next;
      options.report(`${options.name} is running again.`);
    }
  };
  const watching = watch();
  return {
    get pid() {
      return current.pid;
    },
    stop: async () => {
      stopping.abort();
      await current.stop();
      await watching;
    },
  };
}

/** @returns undefined when it was stopped before an attempt succeeded */
async function restarted(
  { name, start, report, firstPauseMs = 500 }: KeepRunningOptions,
  signal: AbortSignal,
): Promise<RunningProgram | undefined> {
  for (let attempt = 0; ; attempt += 1) {
    const pauseMs = Math.min(firstPauseMs * 2 ** attempt, longestPauseMs);
    await pause(pauseMs, undefined, { signal, ref: false }).catch(() => undefined);
    if (signal.aborted) return undefined;
    try {
      return await start(signal);
    } catch (error) {
      const why = error instanceof Error ? error.message : String(error);
      if (attempt === 0) report(`${name} could not be restarted, and will be tried until it can: ${why}`);
    }
  }
}

async function obituary(program: RunningProgram, name: string): Promise<string> {
  const reason = (await hasFullDisk(program)) ? 'its disk is full' : await lastWords(program);
  return `${name} exited unexpectedly (${reason}) and is being restarted; its log is ${program.logFile}.`;
}

async function hasFullDisk({ logFile }: RunningProgram): Promise<boolean> {
  const { bavail, bsize } = await statfs(dirname(logFile));
  return bavail * bsize < leastSpace;
}

async function lastWords(program: RunningProgram): Promise<string> {
  const output = await program.lastOutput();
  return output.split('\n').at(-1) || 'it did not log why';
}
