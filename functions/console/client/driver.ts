import { signal } from '@preact/signals';
import { ApiError, change } from './api.ts';

/** The redrives that this tab is sending, each with its last error. */
export const driven = signal<Readonly<Record<string, ApiError | null | undefined>>>({});

interface Stepped {
  readonly state: string;
  readonly redriven: number;
  readonly refused: readonly unknown[];
  readonly nextCursor?: string;
}

/** Pauses in ms: while another tab sends the rest, and after the API could not be reached. */
const otherSendsMs = 1_000;
const troubleMs = 3_000;

const wait = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

/**
 * Sends a redrive step by step until it is finished or no longer running, whatever page the visitor is on.
 * Temporary failures, such as Kafka's, are retried; the server keeps what was done.
 */
export async function drive(id: string, cursor: string | undefined): Promise<void> {
  if (driven.value[id] !== undefined) return;
  let next = cursor;
  note(id, null);
  while (next !== undefined) {
    next = await step(id, next);
  }
  note(id, undefined);
}

async function step(id: string, cursor: string): Promise<string | undefined> {
  try {
    const answer = await change<Stepped>('POST', '/api/dead-letters/redrive', { cursor });
    note(id, null);
    if (answer.state !== 'RUNNING') return undefined;
    if (answer.redriven + answer.refused.length === 0) await wait(otherSendsMs);
    return answer.nextCursor;
  } catch (error) {
    const trouble = error instanceof ApiError ? error : new ApiError(0, '', String(error));
    if (isFinal(trouble)) return undefined;
    note(id, trouble);
    await wait(troubleMs);
    return cursor;
  }
}

function isFinal({ status }: ApiError): boolean {
  return status >= 400 && status < 500;
}

function note(id: string, trouble: ApiError | null | undefined): void {
  driven.value = { ...driven.value, [id]: trouble };
}
