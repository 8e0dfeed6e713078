import { join, resolve } from 'node:path';
import { StackError } from './errors.ts';

/**
 * Where Kafka, PostgreSQL and the mail server come from when the choice is forced: see {@link
 * Settings.choice}.
 */
export type Choice = 'embedded' | 'compose' | 'external';

/** All settings of the local stack. Read from the environment only by {@link readSettings}. */
export interface Settings {
  /** `OPENORDER_STACK`: forces one kind for every part; undefined uses what is available, part by part. */
  readonly choice: Choice | undefined;
  /** `KAFKA_BROKERS`: an existing Kafka, as comma-separated `host:port`. */
  readonly brokers: string[] | undefined;
  /** `DATABASE_URL`: an existing PostgreSQL. */
  readonly databaseUrl: string | undefined;
  /** `SMTP_URL`: an existing mail server. */
  readonly smtpUrl: string | undefined;
  /** `MAIL_URL`: where that mail server shows what it received, if it does. */
  readonly mailUrl: string | undefined;
  /**
   * `OPENORDER_AUTH=on`: every request needs a token, from a local issuer unless serverless.yml names
   * another.
   */
  readonly requiresSignIn: boolean;
  /**
   * `KAFKA_PORT`, `KAFKA_UI_PORT`, `POSTGRES_PORT`, `SMTP_PORT`, `MAIL_PORT`, `AUTH_PORT`: where the parts
   * that the stack starts itself listen.
   */
  readonly ports: {
    readonly kafka: number;
    readonly kafkaUi: number;
    readonly postgres: number;
    readonly smtp: number;
    readonly mail: number;
    readonly auth: number;
  };
  /** `OPENORDER_ORIGINS`: origins of web pages that may use the laptop's ports, besides a server's own. */
  readonly trustedOrigins: readonly string[];
  /**
   * `OPENORDER_DATA_DIR`: data and logs of the embedded parts, and the state of the running stack; absolute.
   */
  readonly dataDirectory: string;
  /** Where Kafka's jars are kept; all data directories of a clone share the download. */
  readonly downloadDirectory: string;
  /** `npm_lifecycle_event`: whether `npm start` is our parent. */
  readonly isStartedByNpm: boolean;
  /** `JAVA_HOME`: the Java for the embedded Kafka; undefined means the `java` on the PATH. */
  readonly javaHome: string | undefined;
}

type Environment = Readonly<Record<string, string | undefined>>;

/** The project's folder. */
export const projectDirectory = resolve(import.meta.dirname, '../../..');

/** @throws StackError `INVALID_SETTING` naming the invalid variable. */
export function readSettings(environment: Environment = process.env): Settings {
  return {
    choice: readChoice(environment['OPENORDER_STACK']),
    brokers: readList(environment['KAFKA_BROKERS']),
    databaseUrl: readText(environment['DATABASE_URL']),
    smtpUrl: readText(environment['SMTP_URL']),
    mailUrl: readText(environment['MAIL_URL']),
    requiresSignIn: readSwitch(environment, 'OPENORDER_AUTH'),
    ports: {
      kafka: readPort(environment, 'KAFKA_PORT', 9092),
      kafkaUi: readPort(environment, 'KAFKA_UI_PORT', 8081),
      postgres: readPort(environment, 'POSTGRES_PORT', 54320),
      smtp: readPort(environment, 'SMTP_PORT', 1025),
      mail: readPort(environment, 'MAIL_PORT', 8025),
      auth: readPort(environment, 'AUTH_PORT', 8090),
    },
    trustedOrigins: readOrigins(environment['OPENORDER_ORIGINS']),
    dataDirectory: resolve(projectDirectory, readText(environment['OPENORDER_DATA_DIR']) ?? '.local'),
    downloadDirectory: join(projectDirectory, '.local'),
    isStartedByNpm: environment['npm_lifecycle_event'] === 'start',
    javaHome: readText(environment['JAVA_HOME']),
  };
}

function readText(value: string | undefined): string | undefined {
  const text = value?.trim();
  return text === '' ? undefined : text;
}

function readList(value: string | undefined): string[] | undefined {
  const entries = (value ?? '').split(',').map((entry) => entry.trim());
  const filled = entries.filter((entry) => entry !== '');
  return filled.length > 0 ? filled : undefined;
}

function readOrigins(value: string | undefined): string[] {
  return (readList(value) ?? []).map((text) => {
    const url = URL.canParse(text) ? new URL(text) : undefined;
    if (url?.origin === text.replace(/\/$/, '') && url.protocol.startsWith('http')) return url.origin;
    throw new StackError(
      'INVALID_SETTING',
      `OPENORDER_ORIGINS must be comma-separated origins, such as http://localhost:5173, not "${text}".`,
    );
  });
}

function readPort(environment: Environment, name: string, fallback: number): number {
  const text = readText(environment[name]);
  if (text === undefined) return fallback;
  const port = Number(text);
  if (Number.isInteger(port) && port >= 1 && port <= 65_535) return port;
  throw new StackError('INVALID_SETTING', `${name} must be a port from 1 to 65535, not "${text}".`);
}

function readSwitch(environment: Environment, name: string): boolean {
  const text = readText(environment[name]) ?? 'off';
  if (text === 'on' || text === 'off') return text === 'on';
  throw new StackError('INVALID_SETTING', `${name} must be on or off, not "${text}".`);
}

function readChoice(value: string | undefined): Choice | undefined {
  const text = readText(value);
  if (text === undefined || text === 'embedded' || text === 'compose' || text === 'external') return text;
  throw new StackError(
    'INVALID_SETTING',
    `OPENORDER_STACK must be embedded, compose or external, not "${text}"; leave it unset to use what is available.`,
  );
}
