import { parseArgs } from 'node:util';

/** What can be measured, in the order in which it runs. */
const partNames = [
  'bundles',
  'backlog',
  'faults',
  'requests',
  'handler',
  'growth',
  'recovery',
  'start',
  'everything',
] as const;
export type PartName = (typeof partNames)[number];

/** How much is measured. */
export interface Options {
  readonly parts: readonly PartName[];
  /** How many times each figure is measured. */
  readonly rounds: number;
  /** The number of orders in a backlog. */
  readonly orders: number;
  /** The number of orders in each growth step. */
  readonly growthSteps: readonly number[];
  /** How long each load of requests lasts, in seconds. */
  readonly requestSeconds: number;
  /** How long orders are placed one by one, in seconds. */
  readonly latencySeconds: number;
  /** The first of the 16 consecutive ports that the bench listens on. */
  readonly firstPort: number;
  /** Where to write CPU profiles of the service and of the limit program; undefined to take none. */
  readonly profileDirectory: string | undefined;
}

const quick = { rounds: 1, orders: 5_000, growthSteps: [1_000, 5_000], requestSeconds: 3, latencySeconds: 5 };
const normal = {
  rounds: 3,
  orders: 50_000,
  growthSteps: [1_000, 10_000, 100_000, 1_000_000],
  requestSeconds: 10,
  latencySeconds: 30,
};

const usage = `npm run bench -- [part …] [--quick] [--orders N] [--rounds N] [--first-port N] [--profile DIRECTORY]

parts: ${partNames.join(', ')}; all by default
  --quick       a small single run, to check that it works (1 to 2 minutes)`;

/** @throws Error with the usage when an argument is invalid */
export function readOptions(args: readonly string[]): Options {
  const { values, positionals } = parseArgs({
    args: [...args],
    allowPositionals: true,
    options: {
      quick: { type: 'boolean', default: false },
      orders: { type: 'string' },
      rounds: { type: 'string' },
      'first-port': { type: 'string', default: '19100' },
      profile: { type: 'string' },
    },
  });
  const sizes = values.quick ? quick : normal;
  return {
    ...sizes,
    parts: readParts(positionals),
    orders: readNumber(values.orders, sizes.orders),
    rounds: readNumber(values.rounds, sizes.rounds),
    firstPort: Number(values['first-port']),
    profileDirectory: values.profile,
  };
}

function readParts(names: readonly string[]): readonly PartName[] {
  const unknown = names.filter((name) => !(partNames as readonly string[]).includes(name));
  if (unknown.length > 0) throw new Error(`There is no part ${unknown.join(', ')}.\n${usage}`);
  return names.length === 0 ? partNames : partNames.filter((part) => names.includes(part));
}

function readNumber(text: string | undefined, fallback: number): number {
  if (text === undefined) return fallback;
  const number = Number(text);
  if (Number.isInteger(number) && number > 0) return number;
  throw new Error(`"${text}" is not a whole number above 0.\n${usage}`);
}
