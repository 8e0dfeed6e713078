import * as triggers from './lib/local/event-source-mapping/jest.config.js';

const shared = {
  extensionsToTreatAsEsm: ['.ts'],
  modulePathIgnorePatterns: ['<rootDir>/.esbuild/', '<rootDir>/.serverless/', '<rootDir>/.local/', '/dist/'],
  moduleNameMapper: {
    '^deployed:(triggers|routes|migrations)$': '<rootDir>/test/support/$1.ts',
    '^console:client$': '<rootDir>/test/support/console-client.ts',
  },
  transform: {
    '^.+\\.ts$': [
      '@swc/jest',
      {
        jsc: {
          parser: { syntax: 'typescript' },
          target: 'es2023',
          keepClassNames: true,
          experimental: { keepImportAttributes: true }, // `with { type: 'json' }`
        },
        module: { type: 'es6' },
      },
    ],
  },
};

const stack = {
  // Waits have deadlines of their own; Jest's 5 s would also count a database busy with other tests.
  testTimeout: 30_000,
  globalSetup: `${import.meta.dirname}/test/support/start-stack.ts`,
  globalTeardown: `${import.meta.dirname}/test/support/stop-stack.ts`,
};

/** The Kafka triggers are a package with tests of its own. */
const triggersFolder = '/lib/local/event-source-mapping/';

/**
 * Unit tests need nothing; integration tests (`*.integration.test.ts`, `test/`) get a real broker, database
 * and mail sink.
 */
export default {
  reporters: ['default', '<rootDir>/test/support/count-reporter.js'],
  projects: [
    {
      ...shared,
      displayName: 'unit',
      testMatch: ['<rootDir>/{bin,bundler,contracts,docs,events,functions,lib,packaging}/**/*.test.ts'],
      testPathIgnorePatterns: ['/node_modules/', '\\.integration\\.test\\.ts$', triggersFolder],
    },
    {
      ...shared,
      ...stack,
      displayName: 'integration',
      testMatch: ['<rootDir>/**/*.integration.test.ts', '<rootDir>/test/**/*.test.ts'],
      testPathIgnorePatterns: ['/node_modules/', triggersFolder],
    },
    triggers.unit,
    { ...triggers.integration, ...stack },
  ],
};
