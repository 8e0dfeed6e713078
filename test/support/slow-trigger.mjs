import { appendFileSync } from 'node:fs';
import process from 'node:process';
import { setTimeout as pause } from 'node:timers/promises';

/** Takes seconds, after recording the records of each call. */
export const handler = async (event) => {
  for (const { partition, offset } of Object.values(event.records).flat())
    appendFileSync(process.env.CALLS_FILE, `${partition}/${offset}\n`);
  await pause(3000);
};
