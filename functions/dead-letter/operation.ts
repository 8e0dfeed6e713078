/** What an operator can do to dead letters, or to an earlier operation. */
export const actions = ['REDRIVE', 'PARK', 'DISCARD', 'UNDO'] as const;
export type Action = (typeof actions)[number];

/** The values of `OperationState`. */
export const operationStates = ['RUNNING', 'PAUSED', 'STOPPED', 'DONE'] as const;

/** How far an operation is. Only a redrive takes more than one step, so only a redrive is ever not `DONE`. */
export type OperationState = (typeof operationStates)[number];

/** Whether there may be more steps. */
export function isUnderWay(state: OperationState): boolean {
  return state === 'RUNNING' || state === 'PAUSED';
}

/** What a redrive may be told to do: continue, wait, or end. */
export const wantedStates = ['RUNNING', 'PAUSED', 'STOPPED'] as const;
export type WantedState = (typeof wantedStates)[number];

/** By what means an operator works: the page, the command line, or a program of their own. */
export const sources = ['console', 'cli', 'api'] as const;

export type Source = (typeof sources)[number];

/** What an operator does, for the record. */
export interface Operation {
  readonly operationId: string;
  readonly action: Action;
  readonly operator: string;
  readonly source: Source;
  readonly request: object;
}
