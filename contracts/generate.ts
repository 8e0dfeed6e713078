// npm run contracts: writes docs/openapi.json and docs/asyncapi.json from the schemas in the code and
// serverless.yml.
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { loadHandlers } from './load-handlers.ts';
import { readServiceMap } from './service-map.ts';

const { documentsOf } = await loadHandlers(() => import('./documents.ts'));
for (const [name, document] of Object.entries(documentsOf(await readServiceMap()))) {
  writeFileSync(join(import.meta.dirname, '..', 'docs', name), `${JSON.stringify(document, null, 2)}\n`);
  console.log(`docs/${name} is written.`);
}
