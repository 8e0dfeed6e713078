import { complaintsAbout } from './parameters.ts';

/** What the plugin uses of the framework; osls ships no types. */
interface Serverless {
  /** serverless.yml as it was read; a value may hold a variable that is not resolved yet. */
  readonly configurationInput: { readonly params?: Readonly<Record<string, Parameters | undefined>> };
  readonly processedInput: {
    readonly commands: readonly string[];
    readonly options: { readonly param?: readonly string[] };
  };
  readonly classes: { readonly Error: new (message: string, code: string) => Error };
  readonly configSchemaHandler: { defineTopLevelProperty(name: string, schema: object): void };
  getProvider(name: 'aws'): { getStage(): string };
}

type Parameters = Readonly<Record<string, unknown>>;

/** https://www.serverless.com/framework/docs/guides/plugins/custom-variables */
interface VariableRequest {
  readonly address: string;
  resolveVariable(variable: string): Promise<unknown>;
}

const commandsThatNeedAll = new Set(['package', 'deploy']);

/**
 * Serverless plugin for stages that others can reach: `${list:NAME}` is the parameter NAME as a list, which
 * `--param` can give only as text with commas, and a stage other than `local` is packaged only when every
 * parameter that it needs is there. That is looked at when the plugin is made, before the framework complains
 * of what follows from it. It also lets serverless.yml have `settings` and `access`, whose anchors its
 * functions use.
 */
export default class StageParameters {
  readonly configurationVariablesSources = {
    list: { resolve: async (request: VariableRequest) => ({ value: await listOf(request) }) },
  };

  constructor(serverless: Serverless) {
    requireParameters(serverless);
    for (const name of ['settings', 'access']) {
      serverless.configSchemaHandler.defineTopLevelProperty(name, { type: 'object' });
    }
  }
}

async function listOf(request: VariableRequest): Promise<unknown> {
  const value = await request.resolveVariable(`param:${request.address}, ''`);
  return typeof value === 'string' ? value.split(',').filter((entry) => entry !== '') : value;
}

/** @throws the framework's error `PARAMETERS_MISSING` with a sentence for each */
function requireParameters(serverless: Serverless): void {
  const [command = ''] = serverless.processedInput.commands;
  const stage = serverless.getProvider('aws').getStage();
  if (stage === 'local' || !commandsThatNeedAll.has(command)) return;
  const complaints = complaintsAbout(parametersOf(serverless, stage));
  if (complaints.length === 0) return;
  const message = [`Stage ${stage} cannot be packaged yet (docs/aws.md):`, ...complaints].join('\n');
  throw new serverless.classes.Error(message, 'PARAMETERS_MISSING');
}

/**
 * Those of the command line, and under `params` those of the stage itself: what stands under `default` is a
 * laptop's.
 */
function parametersOf({ configurationInput, processedInput }: Serverless, stage: string): Parameters {
  const typed = (processedInput.options.param ?? []).map((text) => {
    const [name = '', ...value] = text.split('=');
    return [name, value.join('=')] as const;
  });
  return { ...configurationInput.params?.[stage], ...Object.fromEntries(typed) };
}
