import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { glob } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { Parser } from '@asyncapi/parser';
import { loadHandlers } from '../contracts/load-handlers.ts';
import { problems } from '../contracts/problems.ts';
import { readServiceMap, type ServiceMap } from '../contracts/service-map.ts';
import { topics } from '../lib/contracts/topics.ts';
import { projectDirectory } from '../lib/local/stack/settings.ts';
import {
  type MappingProperties,
  packageProduction,
  type PackagedStage,
  propertiesOf,
} from './support/packaged-stage.ts';

const run = promisify(execFile);
const read = (path: string) => readFileSync(join(projectDirectory, path), 'utf8');

let map: ServiceMap;
let packaged: PackagedStage;

beforeAll(async () => {
  map = await readServiceMap();
  packaged = await packageProduction();
}, 150_000);

interface RouteProperties {
  readonly RouteKey: string;
  readonly AuthorizationScopes?: readonly string[];
}

interface Operation {
  readonly security: readonly { readonly caller: readonly string[] }[];
}

interface Reader {
  readonly action: string;
  readonly channel: { readonly $ref: string };
  readonly bindings: { readonly kafka: { readonly groupId: { readonly enum: [string] } } };
}

describe('the committed documents', () => {
  it.each(['openapi.json', 'asyncapi.json'])(
    'when docs/%s is generated again, it is the same',
    async (name) => {
      const { documentsOf } = await loadHandlers(() => import('../contracts/documents.ts'));
      expect(JSON.parse(read(`docs/${name}`))).toEqual(JSON.parse(JSON.stringify(documentsOf(map)[name])));
    },
  );

  it('when openapi.json is linted, nothing is found', async () => {
    const redocly = join(projectDirectory, 'node_modules', '.bin', 'redocly');
    const linted = run(redocly, ['lint', 'docs/openapi.json', '--format', 'json'], { cwd: projectDirectory });
    const { stdout } = await linted;
    expect((JSON.parse(stdout) as { totals: object }).totals).toMatchObject({ errors: 0, warnings: 0 });
  }, 60_000);

  it('when asyncapi.json is parsed, the only finding is that version 3.1 exists', async () => {
    const { document, diagnostics } = await new Parser().parse(read('docs/asyncapi.json'));
    expect(document).toBeDefined();
    expect(diagnostics.map(({ code }) => code)).toEqual(['asyncapi-latest-version']);
  }, 30_000);
});

describe('what is documented', () => {
  it('when it is compared with the packaged template, routes, methods and scopes are the same', () => {
    const { paths } = JSON.parse(read('docs/openapi.json')) as {
      paths: Record<string, Record<string, Operation>>;
    };
    const documented = Object.entries(paths).flatMap(([path, operations]) =>
      Object.entries(operations).map(([method, { security }]) => ({
        route: `${method.toUpperCase()} ${path}`,
        scopes: security.flatMap(({ caller }) => caller).toSorted(),
      })),
    );
    const deployed = propertiesOf<RouteProperties>(packaged, 'AWS::ApiGatewayV2::Route')
      .filter(({ RouteKey }) => RouteKey.includes(' /api/'))
      .map(({ RouteKey, AuthorizationScopes = [] }) => ({
        route: RouteKey,
        scopes: [...AuthorizationScopes].toSorted(),
      }));
    expect(byRoute(documented)).toEqual(byRoute(deployed));
  });

  it('when it is compared with the packaged template, topics and consumer groups are the same', () => {
    const { channels, operations } = JSON.parse(read('docs/asyncapi.json')) as {
      channels: object;
      operations: Record<string, Reader>;
    };
    const documented = Object.values(operations)
      .filter(({ action }) => action === 'receive')
      .map(({ channel, bindings }) => [
        channel.$ref.replace('#/channels/', ''),
        bindings.kafka.groupId.enum[0].replace('{stage}', 'production'),
      ]);
    const deployed = propertiesOf<MappingProperties>(packaged, 'AWS::Lambda::EventSourceMapping').map(
      ({ Topics: [topic], SelfManagedKafkaEventSourceConfig: { ConsumerGroupId } }) => [
        topic,
        ConsumerGroupId,
      ],
    );
    expect(documented.toSorted()).toEqual(deployed.toSorted());
    expect(Object.keys(channels).toSorted()).toEqual(topics.toSorted());
  });

  it('when the code answers with a problem, its kind is documented, and no other', async () => {
    const kinds = new Set<string>();
    for await (const file of glob('{functions,lib}/**/*.ts', { cwd: projectDirectory })) {
      if (file.endsWith('.test.ts')) continue;
      for (const [, kind = ''] of read(file).matchAll(/(?:HttpProblem\(\s*\d+,|conflict\()\s*'([a-z-]+)'/g))
        kinds.add(kind);
    }
    expect([...kinds].toSorted()).toEqual(Object.keys(problems).toSorted());
  });
});

function byRoute(routes: readonly { readonly route: string }[]) {
  return routes.toSorted((a, b) => (a.route < b.route ? -1 : 1));
}
