import { runToEnd } from './child-process.ts';
import { StackError } from './errors.ts';
import { loopback } from './ports.ts';
import { projectDirectory, type Settings } from './settings.ts';

/** The services of docker-compose.yml by the part of the stack that they provide. */
export const composeServices = {
  kafka: ['kafka', 'kafka-ui'],
  postgres: ['postgres'],
  mail: ['mailpit'],
} as const;

/** The services that this start brought up, and stops again. */
export interface RunningServices {
  readonly stop: () => Promise<void>;
}

/**
 * Whether a Docker engine with Docker Compose answers; the client alone, without an engine, does not count.
 */
export async function dockerAnswers(program = 'docker'): Promise<boolean> {
  const patience = { timeout: 5000 }; // an engine that hangs counts as absent
  const questions = [['info'], ['compose', 'version']];
  const answers = await Promise.allSettled(questions.map((args) => runToEnd(program, args, patience)));
  return answers.every(({ status }) => status === 'fulfilled');
}

/** The addresses of the services, with the ports that docker-compose.yml publishes. */
export function composeAddresses({ ports }: Settings) {
  return {
    brokers: [`${loopback}:${ports.kafka}`],
    kafkaUiUrl: `http://${loopback}:${ports.kafkaUi}`,
    databaseUrl: `postgres://openorder:openorder@${loopback}:${ports.postgres}/openorder`,
    smtpUrl: `smtp://${loopback}:${ports.smtp}`,
    mailUrl: `http://${loopback}:${ports.mail}`,
  };
}

/**
 * Brings the services up and waits until they are healthy; their ports come from the same variables as the
 * settings. Services that were already up stay up at the end.
 * @throws StackError `COMPOSE_FAILED` with Docker's own message
 */
export async function startServices(
  services: readonly string[],
  { signal, program = 'docker' }: { readonly signal?: AbortSignal; readonly program?: string } = {},
): Promise<RunningServices> {
  const compose = async (args: readonly string[], options = {}) => {
    const { stdout } = await runToEnd(program, ['compose', ...args], { cwd: projectDirectory, ...options });
    return stdout;
  };
  try {
    const running = (await compose(['ps', '--services', '--status', 'running'])).split(/\s+/);
    const ours = services.filter((service) => !running.includes(service));
    await compose(['up', '--detach', '--wait', ...services], { signal });
    return {
      stop: async () => {
        if (ours.length > 0) await compose(['stop', ...ours]);
      },
    };
  } catch (cause) {
    signal?.throwIfAborted();
    const words = (cause as { stderr?: string }).stderr?.trim() ?? String(cause);
    throw new StackError(
      'COMPOSE_FAILED',
      `docker compose could not start ${services.join(', ')}:\n${words}`,
      {
        cause,
      },
    );
  }
}
