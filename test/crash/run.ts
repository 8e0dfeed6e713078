// npm run test:crash -- --seed N --orders N --duration S: exits with 1 when anything was lost or done twice.
import { parseArgs } from 'node:util';
import { logger } from '../../lib/logger.ts';
import { crashRun } from './crash-run.ts';
import { describe, isClean } from './report.ts';

const { values } = parseArgs({
  options: {
    seed: { type: 'string', default: String(Date.now() % 1_000_000) },
    orders: { type: 'string', default: '3000' },
    duration: { type: 'string', default: '180' },
  },
});
const [seed, orders, seconds] = [values.seed, values.orders, values.duration].map(Number) as [
  number,
  number,
  number,
];
if (![seed, orders, seconds].every(Number.isFinite))
  throw new Error('--seed, --orders and --duration take numbers.');
logger.setLogLevel('SILENT');
// On exit, frozen programs are thawed and end with this process; a signal alone would skip that.
process.once('SIGINT', () => process.exit(130));
process.once('SIGTERM', () => process.exit(143));
const startedAt = Date.now();
const tell = (what: string) => {
  console.log(`${((Date.now() - startedAt) / 1000).toFixed(1).padStart(6)} s  ${what}`);
};

console.log(`seed ${seed}: ${orders} orders over ${seconds} s (repeat with --seed ${seed})`);
const report = await crashRun({ seed, orders, durationMs: seconds * 1000, tell });
console.log(`seed ${seed}\n${describe(report)}`);
process.exitCode = isClean(report) ? 0 : 1;
