import type { Figure } from './figure.ts';
import type { Machine } from './machine.ts';

/** What one run of the bench has found. */
export interface Result {
  readonly startedAt: Date;
  readonly durationSeconds: number;
  readonly command: string;
  readonly machine: Machine;
  readonly figures: readonly Figure[];
}
