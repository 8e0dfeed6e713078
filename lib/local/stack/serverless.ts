import type { Bundler } from './bundler.ts';
import type { SharedBuilder } from './shared-build.ts';

type Option = string | number | string[] | undefined;

/** The part of the framework that the plugin uses; osls ships no types. */
export interface Serverless {
  readonly service: {
    custom?: Record<string, Record<string, Option> | undefined>;
    readonly provider: { environment?: Record<string, unknown> };
    readonly functions: Readonly<Record<string, FunctionDefinition>>;
    getAllFunctionsNames(): string[];
  };
  readonly processedInput: { readonly commands: string[] };
  readonly pluginManager: {
    readonly plugins: readonly object[];
    spawn(command: string): Promise<void>;
  };
  readonly classes: { readonly Error: new (message: string, code: string) => Error };
}

/** A function of serverless.yml. */
interface FunctionDefinition {
  readonly handler: string;
  readonly events?: readonly object[];
  environment?: Record<string, unknown>;
}

/** Options as given on the command line: values are strings. */
export type CommandLine = Readonly<Record<string, string | number | boolean | undefined>>;

/** The third argument of a plugin's constructor. */
export interface Logging {
  readonly log: { notice(text?: string): void; warning(text: string): void };
}

/** Where serverless-offline listens. */
export interface OfflineAddresses {
  readonly host: string;
  readonly httpPort: number;
  readonly lambdaPort: number;
}

/**
 * Merges as serverless-offline does, which keeps its result to itself: command line, then
 * `custom.serverless-offline`, then defaults.
 */
export function offlineAddresses(serverless: Serverless, commandLine: CommandLine): OfflineAddresses {
  const custom = serverless.service.custom?.['serverless-offline'];
  const option = (name: string, fallback: string | number) =>
    String(commandLine[name] ?? custom?.[name] ?? fallback);
  return {
    host: option('host', 'localhost'),
    httpPort: Number(option('httpPort', 3000)),
    lambdaPort: Number(option('lambdaPort', 3002)),
  };
}

/** The plugin serverless-esbuild, recognised by its members; undefined with another bundler, or none. */
export function bundlerOf({ pluginManager }: Serverless): (Bundler & SharedBuilder) | undefined {
  return pluginManager.plugins.find(
    (plugin): plugin is Bundler & SharedBuilder => 'disposeContexts' in plugin && 'bundle' in plugin,
  );
}

/** Whether records of a topic call the function. */
export function hasKafkaTrigger({ service }: Serverless, functionKey: string): boolean {
  const { events = [] } = service.functions[functionKey] ?? {};
  return events.some((event) => 'kafka' in event || 'msk' in event);
}
