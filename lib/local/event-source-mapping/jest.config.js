const shared = {
  rootDir: import.meta.dirname,
  extensionsToTreatAsEsm: ['.ts'],
  modulePathIgnorePatterns: ['<rootDir>/dist/'],
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

export const unit = {
  ...shared,
  displayName: 'triggers-unit',
  testMatch: ['<rootDir>/**/*.test.ts'],
  testPathIgnorePatterns: ['/node_modules/', '\\.integration\\.test\\.ts$'],
};

/** These need a broker, given in KAFKA_BROKERS as host:port. */
export const integration = {
  ...shared,
  displayName: 'triggers-integration',
  testMatch: ['<rootDir>/**/*.integration.test.ts'],
};

export default { projects: [unit, integration] };
