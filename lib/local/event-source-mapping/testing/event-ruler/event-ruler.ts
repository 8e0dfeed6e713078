import { execFile, spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { promisify } from 'node:util';
import type { Sample } from './samples.ts';
import type { Verdict } from './verdict.ts';

const here = import.meta.dirname;
const jars = join(process.cwd(), '.local', 'event-ruler-1.8.1');

/**
 * Runs event-ruler on samples; its jars are downloaded the first time. Needs Java 11 or newer and Maven.
 * @throws Error when Maven or Java fails, with its error output
 */
export async function eventRulerVerdicts(samples: readonly Sample[]): Promise<Verdict[]> {
  await fetchJars();
  const classPath = join(jars, '*');
  const java = spawn('java', ['-cp', classPath, join(here, 'Verdicts.java')], {
    stdio: ['pipe', 'pipe', 'pipe'],
  });
  const failed = new Promise<never>((_, reject) => java.once('error', reject));
  java.stdin.end(samples.map((sample) => `${JSON.stringify(sample)}\n`).join(''));
  const [answers, complaints] = await Promise.race([
    failed,
    Promise.all([text(java.stdout), text(java.stderr)]),
  ]);
  const verdicts = answers.trimEnd().split('\n') as Verdict[];
  if (verdicts.length !== samples.length) throw new Error(`event-ruler failed: ${complaints}`);
  return verdicts;
}

async function fetchJars(): Promise<void> {
  if (existsSync(jars)) return;
  const goal = ['dependency:copy-dependencies', `-DoutputDirectory=${jars}`];
  await promisify(execFile)('mvn', ['-q', '-B', '-f', join(here, 'pom.xml'), ...goal]);
}
