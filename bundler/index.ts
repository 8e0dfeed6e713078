import type { Plugin } from 'esbuild';
import { consoleClient } from './console-client.ts';
import { deployedMigrations, withoutStepLoaders } from './deployed-migrations.ts';
import { deployedRoutes } from './deployed-routes.ts';
import { deployedTriggers } from './deployed-triggers.ts';
import type { Service } from './service.ts';
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
    ...withoutStepLoaders(),
    unusedKafkajs(),
  ];
}
