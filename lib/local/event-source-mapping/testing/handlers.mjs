/** Handlers of the integration tests: each records its calls in CALLS_FILE and misbehaves in its own way. */
import { Buffer } from 'node:buffer';
import { appendFileSync, existsSync, writeFileSync } from 'node:fs';
import process from 'node:process';
import { setImmediate } from 'node:timers';
import { setTimeout as delay } from 'node:timers/promises';

const note = (entry) => appendFileSync(process.env.CALLS_FILE, `${JSON.stringify(entry)}\n`);
const recordsOf = (event) => Object.values(event.records).flat();
const text = (record) =>
  record.value === undefined ? undefined : Buffer.from(record.value, 'base64').toString();
const isPoison = (record) => text(record) === 'poison';

/** Records a handler's calls and what it returned or threw. */
const noted = (handle) => async (event, context) => {
  const id = context.awsRequestId;
  note({ id, functionName: context.functionName, event, startedAt: Date.now() });
  const result = await handle(event, context);
  note({ id, endedAt: Date.now() });
  return result;
};

/** Misbehaves only on a function's first call, even if its worker restarts. */
const firstTime = (misbehave, then = () => undefined) =>
  noted(async (event, context) => {
    const marker = `${process.env.CALLS_FILE}.${context.functionName}`;
    if (existsSync(marker)) return then(event, context);
    writeFileSync(marker, '');
    return misbehave(event, context);
  });

const itemFailures = (failed) => ({
  batchItemFailures: failed.map(({ topic, partition, offset }) => ({
    itemIdentifier: { partition: `${topic}-${partition}`, offset },
  })),
});

export const succeed = noted(async () => 'done');

export const failOnPoison = noted(async (event) => {
  if (recordsOf(event).some(isPoison)) throw new Error('poison');
});

let failures = 0;
export const failThreeTimes = noted(async () => {
  failures += 1;
  if (failures <= 3) throw new Error(`failure ${failures}`);
});

export const reportPoison = noted(async (event) => itemFailures(recordsOf(event).filter(isPoison)));

/** The last record fails, then the one before it: progress with every call. */
export const reportAllButFirst = noted(async (event) => itemFailures(recordsOf(event).slice(1)));

export const reportUnknownOffset = firstTime((event) =>
  itemFailures([{ ...recordsOf(event)[0], offset: 123456 }]),
);

export const reportFlatIdentifier = firstTime((event) => ({
  batchItemFailures: [{ itemIdentifier: String(recordsOf(event)[0].offset) }],
}));

export const reportOldKey = firstTime((event) => ({
  batchItemFailures: [
    {
      itemIdentifier: {
        'topic-partition': Object.keys(event.records)[0],
        offset: recordsOf(event)[0].offset,
      },
    },
  ],
}));

export const reportNonsense = firstTime(() => 'all is well');

export const throwText = firstTime(() => {
  throw 'text';
});

export const throwNull = firstTime(() => {
  throw null;
});

export const hang = firstTime(() => delay(60_000));

export const exit = firstTime(() => process.exit(3));

export const failLate = firstTime(async () => {
  setImmediate(() => {
    throw new Error('late');
  });
  await delay(2000);
});

export const rejectUnheard = firstTime(async () => {
  void Promise.reject(new Error('unheard'));
  await delay(2000);
});

export const returnFunction = firstTime(() => ({ f: () => 1 }));

export const returnBigInt = firstTime(() => 1n);

/** Longer than the session timeout of the group. */
export const takeLong = noted(async () => delay(8000));

export const takeSeconds = noted(async () => delay(3000));
