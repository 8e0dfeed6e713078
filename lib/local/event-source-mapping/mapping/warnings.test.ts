import type { MappingDefinition } from './definition.ts';
import { warningsFor } from './warnings.ts';

const offline = {
  lambdaEndpoint: '',
  noTimeout: false,
  reloadHandler: false,
  useDocker: false,
  useInProcess: false,
};
const definition = {
  functionKey: 'notify',
  topic: 'orders',
  functionTimeoutMs: 840_000,
  filterCriteria: { filters: [], unprovenOperators: [] },
  provisionedOnly: [],
  unknownProperties: [],
} as unknown as MappingDefinition;

it('when nothing differs from AWS, there is no warning', () => {
  expect(warningsFor([definition], offline)).toEqual([]);
});

it('when host options differ from AWS, there is one warning per option for all triggers', () => {
  const different = { ...offline, noTimeout: true, reloadHandler: true, useInProcess: true };
  expect(warningsFor([definition, definition], different)).toHaveLength(3);
  expect(warningsFor([], different)).toEqual([]);
});

it('when a trigger differs from AWS, the warning names the function and topic', () => {
  const odd = {
    ...definition,
    functionTimeoutMs: 841_000,
    filterCriteria: { filters: [], unprovenOperators: ['wildcard'] },
    provisionedOnly: ['MaximumRetryAttempts'],
    unknownProperties: ['MaxRetries'],
  };
  const warnings = warningsFor([odd], offline);
  expect(warnings).toHaveLength(4);
  expect(warnings.every((warning) => warning.startsWith('Function "notify", topic "orders": '))).toBe(true);
});
