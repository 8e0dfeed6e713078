import { execFile } from 'node:child_process';
import { cpSync, mkdtempSync, readFileSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { promisify } from 'node:util';
import { projectDirectory } from '../lib/local/stack/settings.ts';
import {
  type FunctionProperties,
  type MappingProperties,
  packageStage,
  propertiesOf,
} from './support/packaged-stage.ts';

const run = promisify(execFile);

const generated = ['node_modules', '.git', '.local', '.esbuild', '.serverless', 'coverage'];

/** The lines under "Rename the project", as a newcomer would paste them. */
const renameLines =
  /```sh rename\n([\s\S]+?)```/.exec(readFileSync(join(projectDirectory, 'CONTRIBUTING.md'), 'utf8'))?.[1] ??
  '';

async function copyProject(): Promise<string> {
  const copy = mkdtempSync(join(tmpdir(), 'copy-'));
  cpSync(projectDirectory, copy, {
    recursive: true,
    filter: (source) => !generated.includes(relative(projectDirectory, source).split('/')[0] ?? ''),
  });
  await run('git', ['init', '--quiet'], { cwd: copy });
  await run('git', ['add', '--all'], { cwd: copy });
  symlinkSync(join(projectDirectory, 'node_modules'), join(copy, 'node_modules'));
  return copy;
}

describe('a copy of the project under another name', () => {
  it('when it is renamed with the lines of CONTRIBUTING.md, it packages, and its template has only the new name', async () => {
    const copy = await copyProject();
    await run('bash', ['-euo', 'pipefail', '-c', renameLines], { cwd: copy });
    const packaged = await packageStage('production', copy);
    const names = propertiesOf<FunctionProperties>(packaged, 'AWS::Lambda::Function').map(
      ({ FunctionName }) => FunctionName,
    );
    const groups = propertiesOf<MappingProperties>(packaged, 'AWS::Lambda::EventSourceMapping').map(
      (mapping) => mapping.SelfManagedKafkaEventSourceConfig.ConsumerGroupId,
    );
    expect(names).toContain('acmeshop-production-createOrder');
    expect(groups).toContain('acmeshop-production-reserveInventory-order.created');
    expect(JSON.stringify(packaged.resources)).not.toMatch(/openorder/i);
  }, 180_000);
});
