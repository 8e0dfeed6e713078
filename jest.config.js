const shared = {
  extensionsToTreatAsEsm: ['.ts'],
  modulePathIgnorePatterns: ['<rootDir>/.esbuild/', '<rootDir>/.serverless/', '<rootDir>/.local/'],
  moduleNameMapper: { '^deployed:triggers$': '<rootDir>/test/support/triggers.ts' },
  transform: {
    '^.+\\.ts$': [
      '@swc/jest',
      {
        jsc: { parser: { syntax: 'typescript' }, target: 'es2023', keepClassNames: true },
        module: { type: 'es6' },
      },
    ],
  },
};

/** Unit tests need nothing; integration tests (`*.integration.test.ts`, `test/`) get a real broker, database and mail sink. */
export default {
  reporters: ['default', '<rootDir>/test/support/count-reporter.js'],
  projects: [
    {
      ...shared,
      displayName: 'unit',
      testMatch: ['<rootDir>/{bin,functions,lib,events}/**/*.test.ts'],
      testPathIgnorePatterns: ['/node_modules/', '\\.integration\\.test\\.ts$'],
    },
    {
      ...shared,
      displayName: 'integration',
      testMatch: ['<rootDir>/**/*.integration.test.ts', '<rootDir>/test/**/*.test.ts'],
      globalSetup: '<rootDir>/test/support/start-stack.ts',
      globalTeardown: '<rootDir>/test/support/stop-stack.ts',
    },
  ],
};
