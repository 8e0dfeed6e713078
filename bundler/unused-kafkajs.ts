import type { Plugin } from 'esbuild';

/** What the functions, and kafkajs on their behalf, ask a broker for. */
const neededRequests = new Set([
  'apiVersions',
  'createTopics',
  'fetch',
  'findCoordinator',
  'initProducerId',
  'listOffsets',
  'metadata',
  'offsetFetch',
  'produce',
  'saslAuthenticate',
  'saslHandshake',
]);
const requests = /kafkajs[\\/]src[\\/]protocol[\\/]requests[\\/](\w+)[\\/]index\.js$/;

/** Consumers join groups, which on Lambda the trigger does. */
const consumers = /kafkajs[\\/]src[\\/]consumer[\\/](index|assignerProtocol|assigners[\\/]index)\.js$/;

/**
 * Leaves out of a bundle the parts of kafkajs that no function uses, since kafkajs loads everything at once:
 * a quarter of its code, and a twelfth of a cold start. Anything that needs them after all fails and says so.
 */
export function unusedKafkajs(): Plugin {
  return {
    name: 'unused-kafkajs',
    setup: (build) => {
      build.onLoad({ filter: consumers }, () => ({ contents: leftOut('module.exports = fail;') }));
      build.onLoad({ filter: requests }, ({ path }) => {
        const [, request = ''] = requests.exec(path) ?? [];
        if (neededRequests.has(request)) return undefined;
        return {
          contents: leftOut('module.exports = { protocol: fail, get versions() { return fail(); } };'),
        };
      });
    },
  };
}

function leftOut(exported: string): string {
  const message = 'This part of kafkajs is not in the bundle; see bundler/unused-kafkajs.ts.';
  return `const fail = () => { throw new Error(${JSON.stringify(message)}); }; ${exported}`;
}
