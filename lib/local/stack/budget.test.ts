import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parseDocument } from 'yaml';
import { connectionsForOthers, containersPerFunction, maxConnections } from './budget.ts';
import { projectDirectory } from './settings.ts';

const read = (file: string) => readFile(join(projectDirectory, file), 'utf8');

describe('the budget of database connections', () => {
  it('when every function has all the containers it may have, then PostgreSQL still accepts others', async () => {
    const service = parseDocument(await read('serverless.yml'), { logLevel: 'error' }).toJS() as {
      functions: Record<string, unknown>;
    };
    const needed = Object.keys(service.functions).length * containersPerFunction;
    expect(needed + connectionsForOthers).toBeLessThanOrEqual(maxConnections);
  });

  it('when PostgreSQL runs in Docker, then it accepts as many connections', async () => {
    expect(await read('docker-compose.yml')).toContain(`max_connections=${maxConnections}]`);
  });
});
