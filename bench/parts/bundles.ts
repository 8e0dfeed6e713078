import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { build, type BuildOptions } from 'esbuild';
import { parse } from 'yaml';
import type bundlerPlugins from '../../bundler/index.ts';
import { projectDirectory } from '../../lib/local/stack/settings.ts';
import { firstEvent, type Trigger } from '../flow/first-event.ts';
import { type Figure, figureOf } from '../report/figure.ts';
import { beginStep } from '../report/progress.ts';
import { environmentOf } from '../service/bed.ts';
import { inRounds, type Part } from './part.ts';

const run = promisify(execFile);
const part = 'bundles';
const coldStartProgram = join(projectDirectory, 'bench/measure/cold-start.js');

/**
 * The size of each function's bundle, how long a fresh process takes from loading it to having its handler,
 * and from its own start to the handler's first answer, with a broker and a database there.
 */
export const bundles: Part = async (bed, { rounds }) => {
  const directory = await mkdtemp(join(projectDirectory, '.esbuild-bench-')); // below node_modules' parent, as a deployed function is
  try {
    const files = await buildAll(directory);
    const step = beginStep('bundles: cold starts', 1);
    const starts = await inRounds(rounds, () => startAll(files, environmentOf(bed)));
    step.done();
    return files.flatMap(({ functionKey, kilobytes }, index) =>
      figuresOf(
        functionKey,
        kilobytes,
        starts.flatMap((round) => round[index] ?? []),
      ),
    );
  } finally {
    await rm(directory, { recursive: true, force: true });
  }
};

interface Bundle {
  readonly functionKey: string;
  readonly event: object;
  /** The entry. */
  readonly file: string;
  /** Of all its files, those that are loaded later, too. */
  readonly kilobytes: number;
}

interface Configuration {
  readonly functions: Record<string, { readonly handler: string; readonly events?: readonly Trigger[] }>;
  readonly custom: {
    readonly esbuild: Omit<BuildOptions, 'plugins'> & {
      readonly exclude: string[];
      readonly plugins: string;
    };
  };
}

/** The module that `plugins` names makes the plugins for a service, as serverless-esbuild asks it to. */
interface PluginFile {
  readonly default: typeof bundlerPlugins;
}

/** What the packager understands, and esbuild does not. */
const packagerOptions = new Set([
  'exclude',
  'plugins',
  'outputFileExtension',
  'outputWorkFolder',
  'watch',
  'skipRebuild',
  'concurrency',
]);

/** As `serverless package` builds them: by the options in serverless.yml. */
async function buildAll(directory: string): Promise<Bundle[]> {
  const text = await readFile(join(projectDirectory, 'serverless.yml'), 'utf8');
  const { functions, custom } = parse(text, { logLevel: 'silent' }) as Configuration;
  const { exclude: external, plugins: pluginFile } = custom.esbuild;
  const { default: pluginsFor } = (await import(join(projectDirectory, pluginFile))) as PluginFile;
  const options: BuildOptions = Object.fromEntries(
    Object.entries(custom.esbuild).filter(([name]) => !packagerOptions.has(name)),
  );
  return Promise.all(
    Object.entries(functions).map(async ([functionKey, { handler, events }]) => {
      const { metafile } = await build({
        ...options,
        external,
        plugins: pluginsFor({ service: { functions } }),
        metafile: true,
        entryPoints: [join(projectDirectory, handler.replace(/\.handler$/, '.ts'))],
        entryNames: functionKey,
        outdir: join(directory, functionKey),
        outExtension: { '.js': '.mjs' },
      });
      const code = Object.entries(metafile.outputs).filter(([file]) => !file.endsWith('.map'));
      const bytes = code.reduce((sum, [, output]) => sum + output.bytes, 0);
      return {
        functionKey,
        event: firstEvent(events),
        file: join(directory, functionKey, `${functionKey}.mjs`),
        kilobytes: bytes / 1000,
      };
    }),
  );
}

interface ColdStart {
  /** From the import of the bundle to its handler. */
  readonly loadMs: number;
  /** From the start of the process to the first answer. */
  readonly answerMs: number;
}

async function startAll(files: readonly Bundle[], environment: Record<string, string>): Promise<ColdStart[]> {
  const starts: ColdStart[] = [];
  for (const { file, event } of files) {
    const env = {
      ...process.env,
      ...environment,
      AWS_LAMBDA_FUNCTION_NAME: 'openorder-bench',
      AUTH_OPEN: 'laptop',
      STAGE: 'local',
    };
    const { stdout } = await run(process.execPath, [coldStartProgram, file, JSON.stringify(event)], { env });
    starts.push(JSON.parse(stdout.slice(stdout.lastIndexOf('\n'))) as ColdStart);
  }
  return starts;
}

function figuresOf(functionKey: string, kilobytes: number, starts: readonly ColdStart[]): Figure[] {
  return [
    figureOf({
      part,
      unit: 'KB',
      name: functionKey,
      values: [kilobytes],
      goal: { of: 'median', atMost: 600 },
    }),
    figureOf({
      part,
      unit: 'ms',
      name: `${functionKey}, load to ready`,
      values: starts.map(({ loadMs }) => loadMs),
    }),
    figureOf({
      part,
      unit: 'ms',
      name: `${functionKey}, cold start to the first answer`,
      values: starts.map(({ answerMs }) => answerMs),
      goal: { of: 'median', atMost: 150 },
    }),
  ];
}
