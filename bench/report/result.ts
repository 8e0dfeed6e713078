import type { Figure } from './figure.ts';
import type { Machine } from './machine.ts';

/** The result of one run of the bench. */
export interface Result {
  readonly startedAt: Date;
  readonly durationSeconds: number;
  readonly command: string;
  readonly machine: Machine;
  readonly figures: readonly Figure[];
}
