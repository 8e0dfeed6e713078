import { existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { writePrograms } from '../../../test/support/programs.ts';
import { findJava, kafkaJars } from './kafka-jars.ts';

let directory: string;

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'openorder-jars-'));
});
afterEach(() => {
  rmSync(directory, { recursive: true });
});

const java = (version: string) => writePrograms(directory, { java: `echo '${version}' >&2` });
const program = (script: string) => join(writePrograms(directory, { mvn: script }), 'mvn');
const downloads = () => join(directory, 'downloads');

describe('Java for the embedded Kafka', () => {
  it('when JAVA_HOME is set, then its Java is used', async () => {
    java('openjdk version "21.0.2" 2024-01-16');
    expect(await findJava(directory)).toBe(join(directory, 'bin', 'java'));
  });

  it.each([
    ['java version "11.0.2" 2019-01-15 LTS', 11],
    ['java version "1.8.0_202"', 8],
  ])('when Java says %s, then the error names its version and the needed one', async (words, version) => {
    java(words);
    await expect(findJava(directory)).rejects.toThrow(
      new RegExp(`Java ${version} is too old.*Java 17 or newer`),
    );
  });

  it('when there is no Java, then the error says what to install or set', async () => {
    const error = findJava(join(directory, 'nothing'));
    await expect(error).rejects.toMatchObject({ code: 'JAVA_MISSING' });
    await expect(error).rejects.toThrow(/Docker with Docker Compose.* set KAFKA_BROKERS/);
  });
});

describe('the jars of the embedded Kafka', () => {
  const fetches =
    'for a in "$@"; do case $a in -DoutputDirectory=*) mkdir -p "${a#*=}"; touch "${a#*=}/kafka.jar";; esac; done';

  it('when they were never fetched, then Maven fetches them, once', async () => {
    const folder = await kafkaJars(downloads(), { maven: program(fetches) });
    expect(readdirSync(folder)).toEqual(['kafka.jar']);
    expect(await kafkaJars(downloads(), { maven: program('exit 1') })).toBe(folder);
  });

  it('when two starts fetch them at once, then both find them complete', async () => {
    const maven = program(fetches);
    const [one, other] = await Promise.all([
      kafkaJars(downloads(), { maven }),
      kafkaJars(downloads(), { maven }),
    ]);
    expect(one).toBe(other);
    expect(readdirSync(downloads()).length).toBe(1);
  });

  it('when Maven fails, then its message is shown and nothing is left that looks complete', async () => {
    const error = kafkaJars(downloads(), { maven: program('echo "[ERROR] no route to host"; exit 1') });
    await expect(error).rejects.toMatchObject({ code: 'DOWNLOAD_FAILED' });
    await expect(error).rejects.toThrow('no route to host');
    expect(readdirSync(downloads())).toEqual([]);
  });

  it('when there is no Maven, then the error says what to install or set', async () => {
    const maven = join(directory, 'mvn');
    await expect(kafkaJars(downloads(), { maven })).rejects.toMatchObject({ code: 'MAVEN_MISSING' });
  });

  it('when the start is ended early, then Maven is ended too', async () => {
    const abort = new AbortController();
    const fetching = kafkaJars(downloads(), {
      maven: program('exec tail -f /dev/null'),
      signal: abort.signal,
    });
    abort.abort(new Error('Ctrl-C'));
    await expect(fetching).rejects.toThrow('Ctrl-C');
    expect(existsSync(downloads()) ? readdirSync(downloads()) : []).toEqual([]);
  });
});
