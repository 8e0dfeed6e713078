import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { FailedBatch } from '../delivery/failed-batch.ts';
import type { FailureDestination } from './failure-destination.ts';

/** Replaces SQS, SNS and S3 when no endpoint is configured: one JSON file per failed batch. */
export class FileDestination implements FailureDestination {
  readonly name: string;
  readonly #folder: string;
  readonly #content: (batch: FailedBatch) => object;

  constructor(folder: string, content: (batch: FailedBatch) => object) {
    this.name = folder;
    this.#folder = folder;
    this.#content = content;
  }

  async send(batch: FailedBatch): Promise<void> {
    await mkdir(this.#folder, { recursive: true });
    const file = join(this.#folder, `${fileName(batch)}.json`);
    await writeFile(file, `${JSON.stringify(this.#content(batch), null, 2)}\n`);
  }

  close(): Promise<void> {
    return Promise.resolve();
  }
}

/** Sorts by time; unique, since each record is given up only once. */
function fileName({ records, failedAt }: FailedBatch): string {
  const time = failedAt.toISOString().replaceAll(':', '-');
  return `${time}-partition-${records[0]?.partition ?? 0}-offset-${records[0]?.offset ?? 0}`;
}
