import { randomUUID } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, readFile, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { runToEnd } from './child-process.ts';
import { StackError } from './errors.ts';

const pom = join(import.meta.dirname, 'kafka', 'pom.xml');

/** Kafka 4's requirements: https://kafka.apache.org/documentation/#java */
const oldestJava = 17;

const installHint =
  'Kafka needs Java 17 or newer with Maven, or Docker with Docker Compose: install either, or set KAFKA_BROKERS to a Kafka that is running.';

/**
 * Finds the command that runs Java.
 * @throws StackError `JAVA_MISSING` when there is none, or it is too old
 */
export async function findJava(javaHome: string | undefined): Promise<string> {
  const java = javaHome ? join(javaHome, 'bin', 'java') : 'java';
  const version = await javaVersion(java);
  if (version >= oldestJava) return java;
  throw new StackError('JAVA_MISSING', `Java ${version} is too old. ${installHint}`);
}

async function javaVersion(java: string): Promise<number> {
  try {
    const { stderr } = await runToEnd(java, ['-version']);
    return Number(/version "(?:1\.)?(\d+)/.exec(stderr)?.[1] ?? 0);
  } catch (cause) {
    throw new StackError('JAVA_MISSING', `Neither Java nor Docker was found. ${installHint}`, { cause });
  }
}

/**
 * Returns the folder with Kafka's jars; if it does not exist yet, Maven fetches them.
 * A folder that exists is complete: it gets its name only when Maven is done.
 * @throws StackError `MAVEN_MISSING` or `DOWNLOAD_FAILED`
 */
export async function kafkaJars(
  downloadDirectory: string,
  { signal, maven = 'mvn' }: { readonly signal?: AbortSignal | undefined; readonly maven?: string } = {},
): Promise<string> {
  const directory = join(downloadDirectory, `kafka-${await kafkaVersion()}`);
  if (existsSync(directory)) return directory;
  const unfinished = `${directory}.${randomUUID()}`;
  try {
    await mkdir(downloadDirectory, { recursive: true });
    await fetchJars(maven, unfinished, signal);
    await rename(unfinished, directory).catch((cause: unknown) => {
      if (!existsSync(directory)) throw cause; // otherwise another start has since fetched them
    });
  } finally {
    await rm(unfinished, { recursive: true, force: true });
  }
  return directory;
}

async function kafkaVersion(): Promise<string> {
  const text = await readFile(pom, 'utf8');
  return /<artifactId>kafka_[\d.]+<\/artifactId>\s*<version>([^<]+)</.exec(text)?.[1] ?? 'unknown';
}

async function fetchJars(maven: string, directory: string, signal?: AbortSignal): Promise<void> {
  const goal = ['dependency:copy-dependencies', '-DincludeScope=runtime', `-DoutputDirectory=${directory}`];
  try {
    await runToEnd(maven, ['-q', '-B', '-f', pom, ...goal], { signal });
  } catch (cause) {
    signal?.throwIfAborted();
    if ((cause as NodeJS.ErrnoException).code === 'ENOENT') {
      throw new StackError('MAVEN_MISSING', `Maven was not found. ${installHint}`, { cause });
    }
    const answer = (cause as { stdout?: string }).stdout?.trim().split('\n')[0] ?? '';
    throw new StackError('DOWNLOAD_FAILED', `Maven could not fetch Kafka: ${answer}`, { cause });
  }
}
