import type { Plugin } from 'esbuild';
import type { Service } from './service.ts';
import { virtualModule } from './virtual-module.ts';

/**
 * Lets a function import `deployed:triggers`: which function reads which topic in which group, as
 * serverless.yml says.
 */
export function deployedTriggers(service: Service): Plugin {
  return virtualModule('deployed:triggers', () => ({
    code: `export const triggers = ${JSON.stringify(triggersOf(service))};`,
  }));
}

function triggersOf({ functions }: Service) {
  return Object.entries(functions).flatMap(([name, { events = [] }]) =>
    events.flatMap(({ kafka }) =>
      kafka ? [{ function: name, topic: kafka.topic, consumerGroup: kafka.consumerGroupId }] : [],
    ),
  );
}
