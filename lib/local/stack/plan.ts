import { StackError } from './errors.ts';
import type { Choice, Settings } from './settings.ts';

/** Where each part of the stack comes from. */
export interface Plan {
  readonly kafka: Choice;
  readonly postgres: Choice;
  readonly mail: Choice;
}

/**
 * Decides where each part comes from: `OPENORDER_STACK` if set, else what the part's variable names, else
 * Docker Compose if an engine answers, else embedded.
 * @param dockerAnswers asked only when it matters
 * @throws StackError `INVALID_SETTING` when a part is to be external and its variable is not set,
 * `DOCKER_MISSING` when Compose is requested without Docker
 */
export async function makePlan(settings: Settings, dockerAnswers: () => Promise<boolean>): Promise<Plan> {
  switch (settings.choice) {
    case 'embedded':
      return all('embedded');
    case 'external':
      return external(settings);
    case 'compose':
      return compose(await dockerAnswers());
    case undefined:
      return await whateverIsThere(settings, dockerAnswers);
  }
}

async function whateverIsThere(settings: Settings, dockerAnswers: () => Promise<boolean>): Promise<Plan> {
  const { brokers, databaseUrl, smtpUrl } = settings;
  if (brokers && databaseUrl && smtpUrl) return all('external');
  const otherwise = (await dockerAnswers()) ? 'compose' : 'embedded';
  return {
    kafka: brokers ? 'external' : otherwise,
    postgres: databaseUrl ? 'external' : otherwise,
    mail: smtpUrl ? 'external' : otherwise,
  };
}

function all(choice: Choice): Plan {
  return { kafka: choice, postgres: choice, mail: choice };
}

function external({ brokers, databaseUrl, smtpUrl }: Settings): Plan {
  const needed = { KAFKA_BROKERS: brokers, DATABASE_URL: databaseUrl, SMTP_URL: smtpUrl };
  const missing = Object.entries(needed).flatMap(([name, value]) => (value ? [] : [name]));
  if (missing.length === 0) return all('external');
  throw new StackError(
    'INVALID_SETTING',
    `OPENORDER_STACK=external needs ${missing.join(' and ')} to be set as well.`,
  );
}

function compose(hasDocker: boolean): Plan {
  if (hasDocker) return all('compose');
  throw new StackError(
    'DOCKER_MISSING',
    'OPENORDER_STACK=compose needs a running Docker engine with Docker Compose: start Docker, or leave OPENORDER_STACK unset.',
  );
}
