import type { Plugin } from 'esbuild';
import { consoleClient } from './console-client.ts';
import { deployedMigrations } from './deployed-migrations.ts';
import { deployedRoutes } from './deployed-routes.ts';
import { deployedTriggers, type Service } from './deployed-triggers.ts';
import { unusedKafkajs } from './unused-kafkajs.ts';

/**
 * What serverless-esbuild calls for its plugins; `custom.esbuild.plugins` of serverless.yml names this file.
 */
export default function plugins({ service }: { readonly service: Service }): Plugin[] {
  return [
    consoleClient(),
    deployedTriggers(service),
    deployedRoutes(service),
    deployedMigrations(),
    unusedKafkajs(),
  ];
}
