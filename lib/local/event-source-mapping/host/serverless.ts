/**
 * The parts of the Serverless Framework that this plugin uses (osls 4, Serverless 3); neither ships types.
 */
export interface Serverless {
  readonly serviceDir: string;
  readonly service: Service;
  readonly processedInput: { readonly commands: readonly string[] };
  readonly configSchemaHandler: { defineCustomProperties(schema: object): void };
  readonly pluginManager: { spawn(command: string): Promise<void> };
  readonly classes: { readonly Error: new (message: string, code: string) => Error };
  getProvider(name: 'aws'): { getStage(): string; getRegion(): string; readonly naming: Naming };
}

export interface Naming {
  getLambdaLogicalId(functionKey: string): string;
  getKafkaEventLogicalId(functionKey: string, topic: string): string;
  getMSKEventLogicalId(functionKey: string, cluster: string, topic: string): string;
}

export interface Service {
  readonly service: string;
  readonly provider: {
    readonly timeout?: number;
    readonly runtime?: string;
    readonly environment?: Record<string, unknown>;
  };
  readonly functions?: Functions | readonly Functions[];
  readonly resources?: Resources | readonly Resources[];
  readonly custom?: Record<string, unknown>;
  getFunction(functionKey: string): FunctionDefinition;
}

export type Functions = Record<string, FunctionDefinition>;

export interface FunctionDefinition {
  readonly name?: string;
  readonly timeout?: number;
  readonly runtime?: string;
  environment?: Record<string, unknown>;
  readonly events?: readonly Record<string, unknown>[] | null;
}

export interface Resources {
  readonly Resources?: Record<string, Resource>;
  readonly extensions?: Record<string, { readonly Properties?: Record<string, unknown> }>;
}

/** A resource of a CloudFormation template. */
export interface Resource {
  readonly Type?: string;
  readonly Properties?: Record<string, unknown>;
}

/** The framework's logger: `notice` is always shown, `info` with `--verbose`. */
export interface Log {
  error(message: string): void;
  warning(message: string): void;
  notice(message: string): void;
  info(message: string): void;
  debug(message: string): void;
}
