import { join } from 'node:path';
import { migrate } from '../../../migrations/migrate.ts';
import { topics } from '../../contracts/topics.ts';
import { addDemoData, serviceDatabaseUrls, type ServiceDatabaseUrls, waitForDatabase } from './database.ts';
import { composeAddresses, composeServices, dockerAnswers, startServices } from './docker.ts';
import type { CallersEnvironment } from './issuer/callers.ts';
import { createTopics, waitForKafka } from './kafka-admin.ts';
import { startKafka } from './kafka.ts';
import { keepRunning, type KeptProgram } from './keep-running.ts';
import { startMail } from './mail.ts';
import { prepareDirectory } from './data-directory.ts';
import { makePlan, type Plan } from './plan.ts';
import { startPostgres } from './postgres.ts';
import type { Settings } from './settings.ts';

/**
 * What the service runs on, ready for use: topics exist, the schema is up to date, the demo data is there.
 */
export interface RunningStack {
  /** Where each part came from. */
  readonly plan: Plan;
  readonly brokers: string[];
  /** Where Kafka UI is; undefined unless Docker Compose has brought Kafka up. */
  readonly kafkaUiUrl: string | undefined;
  readonly databaseUrl: string;
  /**
   * The same with each service's own login; undefined when the user of `databaseUrl` may not create logins.
   */
  readonly serviceDatabaseUrls: ServiceDatabaseUrls | undefined;
  readonly smtpUrl: string;
  /**
   * Where received mails are shown over HTTP; undefined when the mail server is external and `MAIL_URL` is
   * not set.
   */
  readonly mailUrl: string | undefined;
  /** Whom the functions let in; undefined lets everyone in, as the developer. */
  readonly callers?: CallersEnvironment;
  /**
   * Process ids of the embedded parts, which change when a part is restarted; undefined for one that is not
   * embedded.
   */
  readonly pids: { readonly kafka: number | undefined; readonly postgres: number | undefined };
  /** Stops what this start has started, and nothing else. Safe to call again. */
  readonly stop: () => Promise<void>;
}

type Stop = () => Promise<void>;

/** How {@link startStack} is watched. */
export interface StartOptions {
  /** Aborts the start; what was started by then is stopped before the promise rejects. */
  readonly signal?: AbortSignal;
  /** Gets a sentence when an embedded part exits unexpectedly, and when it is back. */
  readonly report?: (sentence: string) => void;
}

/** One start in progress: what the parts need to know, and how to undo what they did. */
interface Start {
  readonly plan: Plan;
  readonly settings: Settings;
  readonly signal: AbortSignal;
  readonly report: (sentence: string) => void;
  /** Fulfilled when Docker Compose has brought up the services of the plan. */
  readonly composed: Promise<void>;
  /** Registers how to stop something that was just started. */
  readonly onStop: (stop: Stop) => void;
}

/**
 * Brings up Kafka, PostgreSQL and mail in parallel, each from the environment, by Docker Compose or
 * embedded. An embedded part that exits unexpectedly later is restarted.
 * @throws StackError with a sentence that says what to do
 */
export async function startStack(
  settings: Settings,
  { signal, report = () => undefined }: StartOptions = {},
): Promise<RunningStack> {
  const plan = await makePlan(settings, () => dockerAnswers());
  await prepareDirectory(settings.dataDirectory);
  const stops: Stop[] = [];
  const stop = async () => {
    await Promise.all(stops.splice(0).map((end) => end()));
  };
  const onStop = (end: Stop) => void stops.push(end);
  const failure = new AbortController();
  const signals = signal ? AbortSignal.any([signal, failure.signal]) : failure.signal;
  const composed = compose(plan, signals, onStop);
  const start: Start = { plan, settings, signal: signals, report, composed, onStop };
  const parts = [composed, kafkaPart(start), postgresPart(start), mailPart(start)] as const;
  try {
    const [, kafka, postgres, mail] = await Promise.all(parts);
    signal?.throwIfAborted();
    const kafkaUiUrl = plan.kafka === 'compose' ? composeAddresses(settings).kafkaUiUrl : undefined;
    return {
      plan,
      brokers: kafka.brokers,
      kafkaUiUrl,
      databaseUrl: postgres.databaseUrl,
      serviceDatabaseUrls: postgres.serviceDatabaseUrls,
      ...mail,
      get pids() {
        return { kafka: kafka.kept?.pid, postgres: postgres.kept?.pid };
      },
      stop,
    };
  } catch (error) {
    failure.abort(error);
    await Promise.allSettled(parts);
    await stop();
    throw error;
  }
}

async function compose(plan: Plan, signal: AbortSignal, onStop: Start['onStop']): Promise<void> {
  const parts = ['kafka', 'postgres', 'mail'] as const;
  const services = parts.flatMap((part) => (plan[part] === 'compose' ? composeServices[part] : []));
  if (services.length === 0) return;
  const running = await startServices(services, { signal });
  onStop(running.stop);
}

interface KafkaPart {
  readonly brokers: string[];
  /** Undefined when the part is not embedded; likewise below. */
  readonly kept?: KeptProgram;
}

async function kafkaPart(start: Start): Promise<KafkaPart> {
  const kafka = await (start.plan.kafka === 'embedded' ? embeddedKafka(start) : remoteKafka(start));
  await createTopics(kafka.brokers, topics);
  return kafka;
}

async function embeddedKafka({ settings, signal, report, onStop }: Start): Promise<KafkaPart> {
  const { dataDirectory, downloadDirectory, javaHome, ports } = settings;
  const options = { directory: join(dataDirectory, 'kafka'), port: ports.kafka, downloadDirectory, javaHome };
  const start = (by: AbortSignal) => startKafka({ ...options, signal: by });
  const kafka = await start(signal);
  const kept = keepRunning(kafka, { name: 'Kafka', start, report });
  onStop(kept.stop);
  return { brokers: kafka.brokers, kept };
}

async function remoteKafka({ plan, settings, signal, composed }: Start): Promise<{ brokers: string[] }> {
  await composed;
  const given = plan.kafka === 'external' ? settings.brokers : undefined;
  const brokers = given ?? composeAddresses(settings).brokers;
  await waitForKafka(brokers, signal);
  return { brokers };
}

interface PostgresPart {
  readonly databaseUrl: string;
  readonly serviceDatabaseUrls: ServiceDatabaseUrls | undefined;
  readonly kept?: KeptProgram;
}

async function postgresPart(start: Start): Promise<PostgresPart> {
  const postgres = await (start.plan.postgres === 'embedded'
    ? embeddedPostgres(start)
    : remotePostgres(start));
  await migrate(postgres.databaseUrl);
  await addDemoData(postgres.databaseUrl);
  return { ...postgres, serviceDatabaseUrls: await serviceDatabaseUrls(postgres.databaseUrl) };
}

async function embeddedPostgres({
  settings,
  signal,
  report,
  onStop,
}: Start): Promise<{ databaseUrl: string; kept: KeptProgram }> {
  const options = { directory: join(settings.dataDirectory, 'postgres'), port: settings.ports.postgres };
  const start = (by: AbortSignal) => startPostgres({ ...options, signal: by });
  const postgres = await start(signal);
  const kept = keepRunning(postgres, { name: 'PostgreSQL', start, report });
  onStop(kept.stop);
  return { databaseUrl: postgres.databaseUrl, kept };
}

async function remotePostgres({ plan, settings, signal, composed }: Start): Promise<{ databaseUrl: string }> {
  await composed;
  const given = plan.postgres === 'external' ? settings.databaseUrl : undefined;
  const databaseUrl = given ?? composeAddresses(settings).databaseUrl;
  await waitForDatabase(databaseUrl, signal);
  return { databaseUrl };
}

async function mailPart(start: Start): Promise<{ smtpUrl: string; mailUrl: string | undefined }> {
  const { plan, settings, composed, onStop } = start;
  if (plan.mail === 'embedded') {
    const mail = await startMail(settings.ports, settings.trustedOrigins);
    onStop(mail.stop);
    return { smtpUrl: mail.smtpUrl, mailUrl: mail.mailUrl };
  }
  await composed;
  const { smtpUrl, mailUrl } = composeAddresses(settings);
  if (plan.mail === 'compose' || settings.smtpUrl === undefined) return { smtpUrl, mailUrl };
  return { smtpUrl: settings.smtpUrl, mailUrl: settings.mailUrl };
}
