import { endWhenIdle } from './bundler.ts';
import { StackError } from './errors.ts';
import { prepareHost } from './host/host.ts';
import { shortenWorkerStart } from './host/worker-preload.ts';
import { provideAddresses } from './function-environment.ts';
import { InterruptibleStart } from './interruptible-start.ts';
import { withIssuer } from './issuer/with-issuer.ts';
import { closeClients, findAddresses, type Addresses } from './invoke-local.ts';
import { alreadyRunning } from './leftover.ts';
import { endWithParent } from './parent.ts';
import { requireFreePort } from './ports.ts';
import { startScreen } from './screen.ts';
import {
  bundlerOf,
  hasKafkaTrigger,
  offlineAddresses,
  type CommandLine,
  type Logging,
  type OfflineAddresses,
  type Serverless,
} from './serverless.ts';
import { readSettings } from './settings.ts';
import { shareBuild } from './shared-build.ts';
import { startStack, type RunningStack } from './stack.ts';
import { readState, removeState, writeState } from './state-file.ts';
import { useOwnWorkFolder } from './work-folder.ts';
import { keepWorkerHeapsSmall } from './worker-heaps.ts';

/**
 * Serverless plugin: brings up what the service runs on with `serverless offline start`, shuts it down again
 * when that ends, and lets `serverless invoke local` find it.
 *
 * It must come first in the list of plugins, since hooks of one name run in that order: so the stack starts
 * while the functions are bundled, is ready before serverless-offline reads the functions' environment, and
 * is stopped after the triggers have drained (`before:offline:start:end`) and before serverless-offline ends
 * the process (`offline:start:end`).
 */
export default class StackPlugin {
  readonly hooks: Record<string, () => void | Promise<void>>;
  readonly #serverless: Serverless;
  readonly #addresses: OfflineAddresses;
  readonly #log: Logging['log'];
  readonly #isVerbose: boolean;
  #start: InterruptibleStart<RunningStack> | undefined;
  #checkHost: () => void = () => undefined;

  constructor(serverless: Serverless, commandLine: CommandLine, { log }: Logging) {
    this.#serverless = serverless;
    this.#addresses = offlineAddresses(serverless, commandLine);
    this.#isVerbose = Boolean(commandLine['verbose']);
    this.#log = log;
    this.hooks = {
      initialize: () => this.#initialise(),
      'before:offline:start:init': () => {
        this.#begin();
      },
      'offline:start:init': () => this.#explained(() => this.#connect()),
      'offline:start:ready': () => this.#explained(() => this.#announce()),
      'offline:start:end': () => this.#end(),
      'after:invoke:local:invoke': closeClients,
      'before:kafka:lag:show': () => this.#find(),
      'before:kafka:produce:send': () => this.#find(),
      error: () => this.#endAfterError(),
    };
  }

  async #initialise(): Promise<void> {
    useOwnWorkFolder(this.#serverless);
    // No later hook will do: the framework reads the functions' environment before
    // `before:invoke:local:invoke`.
    if (this.#serverless.processedInput.commands.join(' ') !== 'invoke local') return;
    await this.#find();
  }

  #begin(): void {
    keepWorkerHeapsSmall();
    const bundler = bundlerOf(this.#serverless);
    if (bundler) shareBuild(bundler);
    this.#start = new InterruptibleStart(async (signal) => {
      const settings = readSettings();
      if (settings.isStartedByNpm) endWithParent();
      const running = await readState(settings.dataDirectory);
      if (running) throw alreadyRunning(settings.dataDirectory, running.pid);
      const { host, httpPort, lambdaPort } = this.#addresses;
      await requireFreePort(httpPort, 'HTTP', '--httpPort', host);
      await requireFreePort(lambdaPort, 'the Lambda endpoint', '--lambdaPort', host);
      const report = (sentence: string) => {
        this.#log.warning(sentence);
      };
      const stack = await startStack(settings, { signal, report });
      return await withIssuer(stack, settings, httpPort);
    });
  }

  async #connect(): Promise<void> {
    const bundler = bundlerOf(this.#serverless);
    if (bundler) await endWhenIdle(bundler)(); // the functions are bundled by now
    const { trustedOrigins } = readSettings();
    const { lambdaPort } = this.#addresses;
    const hasFunction = (name: string) => this.#serverless.service.getAllFunctionsNames().includes(name);
    const isVerbose = this.#isVerbose;
    const isTriggered = (functionKey: string) => hasKafkaTrigger(this.#serverless, functionKey);
    this.#checkHost = await prepareHost({ lambdaPort, trustedOrigins, hasFunction, isTriggered, isVerbose });
    this.#provide(await this.#running());
    shortenWorkerStart(this.#serverless);
  }

  /** Finds the stack that another process runs. */
  async #find(): Promise<void> {
    await this.#explained(async () => {
      this.#provide(await findAddresses(readSettings()));
    });
  }

  #provide(addresses: Addresses): void {
    provideAddresses(this.#serverless, addresses);
  }

  async #announce(): Promise<void> {
    this.#checkHost();
    const stack = await this.#running();
    const { host, httpPort, lambdaPort } = this.#addresses;
    const { brokers, databaseUrl, serviceDatabaseUrls, smtpUrl, mailUrl, callers } = stack;
    const lambdaEndpoint = `http://${host}:${lambdaPort}`;
    await writeState(readSettings().dataDirectory, {
      pid: process.pid,
      brokers,
      databaseUrl,
      serviceDatabaseUrls,
      smtpUrl,
      mailUrl,
      lambdaEndpoint,
      httpUrl: `http://${host}:${httpPort}`,
      callers,
    });
    this.#log.notice(startScreen(stack, this.#addresses));
    this.#start?.handOver(); // serverless-offline's own hook of this name runs next and takes over the signals
  }

  async #end(): Promise<void> {
    const stack = await this.#running();
    try {
      await removeState(readSettings().dataDirectory);
      // Ends serverless-offline's workers, so that none of them loses its database.
      await this.#serverless.pluginManager.spawn('offline:functionsUpdated');
    } finally {
      await stack.stop();
    }
  }

  /** A failed start must end the process, though servers and watchers of other plugins are still open. */
  async #endAfterError(): Promise<void> {
    if (!this.#start) return;
    await this.#start.undo();
    setTimeout(() => process.exit(1), 500); // the framework prints the error in the meantime
  }

  async #running(): Promise<RunningStack> {
    if (!this.#start)
      throw new Error('The stack was not started: its plugin must come first in the list of plugins.');
    return await this.#start.complete();
  }

  /** Turns errors the user can fix into a sentence without a stack trace. */
  async #explained(work: () => Promise<void>): Promise<void> {
    try {
      await work();
    } catch (error) {
      if (error instanceof StackError) throw new this.#serverless.classes.Error(error.message, error.code);
      throw error;
    }
  }
}
