// npm run test:fuzz -- --seed N --records N --requests N: exits with 1 when a record was lost or filed twice,
// or a request was answered 500.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { topics } from '../../lib/contracts/topics.ts';
import { closeClients } from '../../lib/local/stack/invoke-local.ts';
import { createDatabase, type Database } from '../../lib/postgres/database.ts';
import { createRandom } from '../support/random.ts';
import { ownStack, startService } from '../support/service.ts';
import { lagOf } from '../support/topics.ts';
import { waitFor } from '../support/wait.ts';
import { oddRecords, sendRecords } from './records.ts';
import { sendRequests } from './requests.ts';

const { values } = parseArgs({
  options: {
    seed: { type: 'string', default: String(Date.now() % 1_000_000) },
    records: { type: 'string', default: '20000' },
    requests: { type: 'string', default: '20000' },
  },
});
const dataDirectory = mkdtempSync(join(tmpdir(), 'openorder-fuzz-'));
process.once('exit', () => {
  rmSync(dataDirectory, { recursive: true, force: true });
});
const service = await startService({ environment: await ownStack(), dataDirectory });
try {
  process.exitCode = await fuzz(Number(values.seed), Number(values.records), Number(values.requests));
} finally {
  await closeClients();
  await service.stop();
}

async function fuzz(seed: number, recordCount: number, requestCount: number): Promise<number> {
  console.log(`seed ${seed} (repeat with --seed ${seed})`);
  const { brokers, databaseUrl } = await service.ready();
  const database = createDatabase(databaseUrl);
  const random = createRandom(seed);

  const records = oddRecords(recordCount, random);
  const sound = records.filter(({ isSound }) => isSound).length;
  await sendRecords(brokers, records);
  await waitFor(async () => (await lagOf(brokers, 'openorder-local-', topics)) === 0, {
    deadlineMs: 300_000,
    what: 'the lag to be 0',
    intervalMs: 1_000,
  });
  const found = await countRecords(database);
  console.log(`${records.length} records, of which ${sound} are orders; lag 0`);
  console.log(
    `decided ${found.decided}, dead letters ${found.filed}, of different records ${found.different}`,
  );

  const { statuses, failures } = await sendRequests(service.httpUrl, requestCount, random);
  console.log(`${requestCount} requests: ${JSON.stringify(Object.fromEntries([...statuses].sort()))}`);
  for (const failure of failures.slice(0, 10)) console.log(failure);

  const lost = records.length - sound - found.different;
  const isClean = found.decided === sound && lost === 0 && found.filed === found.different;
  return isClean && failures.length === 0 ? 0 : 1;
}

/**
 * Orders that inventory decided, and dead letters of `order.created`: all, and those of different records.
 */
async function countRecords(database: Database) {
  const [row] = await database.query<{ decided: number; filed: number; different: number }>(
    `SELECT (SELECT count(*) FROM inventory.reservation) AS decided, count(*) AS filed,
       count(DISTINCT (original_partition, original_offset)) AS different
     FROM dead_letter.dead_letter WHERE topic = 'order.created.DLT'`,
  );
  return row ?? { decided: 0, filed: 0, different: 0 };
}
