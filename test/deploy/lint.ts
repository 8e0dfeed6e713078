// npm run lint:aws: packages the production stage and reads its template with cfn-lint and its rules for
// serverless applications. Exits with 1 when they find what is not accepted below. Needs Python 3.10 or
// newer.
import { execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { projectDirectory } from '../../lib/local/stack/settings.ts';
import { parameterOptions, stageParameters } from '../support/stage-parameters.ts';
import { installAwsTools } from './aws-tools.ts';

const run = promisify(execFile);

/** Rules whose findings are accepted, each with the reason. */
const accepted: Readonly<Record<string, string>> = {
  W3005: 'the framework writes a DependsOn where a reference already says it',
  ES1001:
    'an on-failure destination would turn endless retries into ten, so an outage would lose records; poison records go to a dead-letter topic',
  ES1007: 'a scheduled run that fails is made up for by the next one, a minute later',
  ES4000: 'a schedule that cannot be delivered is made up for by the next one, a minute later',
  WS1000: 'there are no traces yet',
};

interface Finding {
  readonly Rule: { readonly Id: string };
  readonly Level: 'Error' | 'Warning' | 'Informational';
  readonly Message: string;
  readonly Location: { readonly Path?: readonly (string | number)[] };
}

async function main(): Promise<boolean> {
  const programs = await installAwsTools('npm run lint:aws');
  const folder = await mkdtemp(join(tmpdir(), 'openorder-lint-'));
  try {
    const template = await packageProduction(folder);
    return report(await findingsIn(template, join(programs, 'cfn-lint')));
  } finally {
    await rm(folder, { recursive: true });
  }
}

/** The path of the template. */
async function packageProduction(folder: string): Promise<string> {
  const serverless = join(projectDirectory, 'node_modules', '.bin', 'serverless');
  const options = ['--stage', 'production', '--package', folder, ...parameterOptions(stageParameters)];
  await run(serverless, ['package', ...options], { cwd: projectDirectory });
  return join(folder, 'cloudformation-template-update-stack.json');
}

/** cfn-lint exits with other codes than 0 when it finds something, so its output decides. */
async function findingsIn(template: string, cfnLint: string): Promise<readonly Finding[]> {
  const options = ['--append-rules', 'cfn_lint_serverless.rules', '--format', 'json'];
  const { stdout } = await run(cfnLint, [...options, '--template', template], {
    maxBuffer: 64 * 2 ** 20,
  }).catch((error: unknown) => error as { stdout: string });
  return JSON.parse(stdout) as Finding[];
}

/** Whether nothing was found but what is accepted. */
function report(findings: readonly Finding[]): boolean {
  const rules = Map.groupBy(findings, ({ Rule }) => Rule.Id);
  for (const [id, found] of [...rules].toSorted(([a], [b]) => a.localeCompare(b))) {
    const reason = accepted[id];
    console.log(
      `${id} ${String(found.length).padStart(4)}  ${reason ? `accepted: ${reason}` : 'NOT ACCEPTED'}`,
    );
    if (reason) continue;
    for (const { Message, Location } of found)
      console.log(`           ${Location.Path?.join('.') ?? ''}: ${Message}`);
  }
  const serverless = findings.filter(({ Rule }) => /^[EW]S/.test(Rule.Id)).length;
  console.log(`${findings.length} findings, ${serverless} of them by the rules for serverless applications.`);
  return [...rules.keys()].every((id) => id in accepted);
}

process.exitCode = (await main()) ? 0 : 1;
