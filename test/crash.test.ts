import { crashRun } from './crash/crash-run.ts';
import { describe as describeReport } from './crash/report.ts';

/** Set it to the number in a failed run's title to repeat the same orders and outages. */
const seed = Number(process.env['CRASH_SEED'] ?? Date.now() % 1_000_000);

describe('orders while everything is being killed', () => {
  it(`when service, broker and database are killed and frozen at random, nothing is lost and nothing is done twice (CRASH_SEED=${seed})`, async () => {
    const lines: string[] = [];
    const tell = (what: string) => void lines.push(what);
    const report = await crashRun({ seed, orders: 300, durationMs: 20_000, tell });
    const { violations, visits, victims, snapshot } = report;
    const blows = victims.reduce((sum, { kills, pauses }) => sum + kills + pauses, 0);
    const story = `${lines.join('\n')}\n${describeReport(report)}`;
    expect({ violations, surprises: visits.surprises, story }).toEqual({
      violations: [],
      surprises: [],
      story,
    });
    expect(snapshot.orders).toHaveLength(300);
    expect(blows).toBeGreaterThan(1);
  }, 400_000);
});
