import { until, type Patience } from '../../lib/local/stack/until.ts';

/** The one way in which a test waits: for a condition, with a deadline. */
export const waitFor: <T>(
  condition: () => Promise<T | undefined | false> | T | undefined | false,
  patience: Patience,
) => Promise<T> = until;
