import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import js from '@eslint/js';
import tseslint from 'typescript-eslint';

/** Each folder in functions/ is a service. */
const services = readdirSync(join(import.meta.dirname, 'functions'), { withFileTypes: true })
  .filter((entry) => entry.isDirectory())
  .map(({ name }) => name);

/** Imports that a folder must not have, as one `no-restricted-imports` rule (design: who may import whom). */
const forbid = (patterns) => ({ 'no-restricted-imports': ['error', { patterns }] });
const localOnly = {
  group: ['**/local/**'],
  message: 'lib/local is development only and is imported by nobody.',
};

const serviceBoundaries = services.map((service) => ({
  files: [`functions/${service}/**/*.ts`],
  ignores: ['**/*.test.ts'],
  rules: forbid([
    localOnly,
    {
      group: services.filter((other) => other !== service).map((other) => `**/${other}/**`),
      message: 'Services meet only through topics.',
    },
  ]),
}));

export default tseslint.config(
  { ignores: ['node_modules/', '.esbuild/', '.serverless/', '.local/', 'coverage/', '**/dist/'] },
  js.configs.recommended,
  {
    files: ['**/*.{ts,tsx}'],
    extends: [tseslint.configs.strictTypeChecked],
    languageOptions: { parserOptions: { projectService: true } },
    rules: {
      complexity: ['error', 8],
      'max-lines': ['error', 300],
      'max-lines-per-function': ['error', { max: 40, skipComments: true, skipBlankLines: true }],
      '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true }],
      '@typescript-eslint/consistent-type-imports': 'error',
      '@typescript-eslint/switch-exhaustiveness-check': 'error',
    },
  },
  {
    files: ['**/*.test.ts', 'test/**/*.ts'],
    rules: { 'max-lines-per-function': 'off', 'max-lines': 'off' },
  },
  {
    // Settings are read and checked in one place.
    files: ['functions/**/*.ts', 'lib/**/*.ts'],
    ignores: ['lib/config.ts', 'lib/local/**', '**/*.test.ts'],
    rules: {
      'no-restricted-properties': [
        'error',
        { object: 'process', property: 'env', message: 'Read it in lib/config.ts.' },
      ],
    },
  },
  {
    files: ['**/*.{js,mjs,cjs}'],
    languageOptions: { globals: { process: 'readonly', console: 'readonly', Buffer: 'readonly' } },
  },
  {
    // Comments keep to the width that prettier gives the code.
    files: ['**/*.{ts,tsx,js,mjs}'],
    rules: {
      'max-len': ['error', { code: 1_000, comments: 110, ignoreUrls: true, ignoreTrailingComments: true }],
    },
  },
  {
    files: ['lib/**/*.ts'],
    ignores: ['lib/local/**', '**/*.test.ts'],
    rules: forbid([localOnly, { group: ['**/functions/**'], message: 'lib knows no function.' }]),
  },
  {
    files: ['lib/{kafka,http,postgres}/**/*.ts'],
    ignores: ['**/*.test.ts'],
    rules: forbid([
      localOnly,
      { group: ['**/functions/**'], message: 'lib knows no function.' },
      { group: ['**/contracts/*', '!**/contracts/contract.ts'], message: 'The edges know no named event.' },
    ]),
  },
  {
    // A package of its own, which others install: it knows nothing of this project.
    files: ['lib/local/event-source-mapping/*/*.ts'],
    rules: forbid([
      { regex: '^\\.\\./\\.\\./', message: 'The Kafka triggers import nothing of the project.' },
    ]),
  },
  {
    files: ['lib/local/event-source-mapping/*.ts'],
    rules: forbid([{ regex: '^\\.\\./', message: 'The Kafka triggers import nothing of the project.' }]),
  },
  ...serviceBoundaries,
  {
    // Rules are pure: no Lambda, no Kafka, no SQL.
    files: [
      'functions/dead-letter/operation.ts',
      'functions/order/order.ts',
      'functions/inventory/reservation.ts',
      'functions/notification/message*.ts',
      'functions/notification/notice.ts',
    ],
    ignores: ['**/*.test.ts'],
    rules: forbid([
      localOnly,
      { regex: '^[^.]', message: 'Rules are pure: types from lib/contracts and lib/errors only.' },
      { regex: '/(kafka|http|postgres|config|logger|channels)[/.]', message: 'Rules are pure.' },
      { regex: '-store\\.ts$', message: 'Rules know no store.' },
    ]),
  },
);
