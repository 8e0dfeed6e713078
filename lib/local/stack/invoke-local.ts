import type { ServiceDatabaseUrls } from './database.ts';
import { StackError } from './errors.ts';
import type { CallersEnvironment } from './issuer/callers.ts';
import type { Settings } from './settings.ts';
import { readState } from './state-file.ts';

/**
 * Where handlers put what must be closed before a process can end; a bundle shares no module with this one.
 */
const closers = Symbol.for('openorder.closeAll');

/** The addresses of what a function runs on. */
export interface Addresses {
  readonly brokers: string[];
  readonly databaseUrl: string;
  /** The same with each service's own login; undefined if all use `databaseUrl`. */
  readonly serviceDatabaseUrls?: ServiceDatabaseUrls | undefined;
  readonly smtpUrl: string;
  /** Where received mails are shown; undefined when the mail server does not show them. */
  readonly mailUrl?: string | undefined;
  /** Whom the functions let in; undefined lets everyone in, as the developer. */
  readonly callers?: CallersEnvironment | undefined;
}

/**
 * Finds the addresses a locally invoked function needs: those set in the environment, else those of the
 * running stack.
 * @throws StackError `STACK_NOT_RUNNING`
 */
export async function findAddresses(settings: Settings): Promise<Addresses> {
  const { brokers, databaseUrl, serviceDatabaseUrls, smtpUrl, mailUrl, callers } = {
    ...(await readState(settings.dataDirectory)),
    ...given(settings),
  };
  if (brokers && databaseUrl && smtpUrl)
    return { brokers, databaseUrl, serviceDatabaseUrls, smtpUrl, mailUrl, callers };
  throw new StackError(
    'STACK_NOT_RUNNING',
    'The local stack is not running: start it with "npm start" in another terminal, then run this command again.',
  );
}

function given({ brokers, databaseUrl, smtpUrl, mailUrl }: Settings) {
  return {
    ...(brokers && { brokers }),
    ...(databaseUrl && { databaseUrl, serviceDatabaseUrls: undefined }), // used unchanged
    ...(smtpUrl && { smtpUrl, mailUrl }), // the inbox belongs to the mail server
  };
}

/** Closes what the invoked function opened: an open connection would keep the command from exiting. */
export async function closeClients(): Promise<void> {
  const open = (globalThis as { [closers]?: (() => Promise<void>)[] })[closers] ?? [];
  await Promise.all(open.map((close) => close()));
}
