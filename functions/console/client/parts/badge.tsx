import { texts } from '../i18n/index.ts';

/** A status's colour, and the mark before its word, so that colour is never the only sign. */
const signs = {
  PENDING: ['wait', '◔'],
  CONFIRMED: ['good', '✓'],
  SENT: ['good', '✓'],
  REDRIVEN: ['good', '↻'],
  PARKED: ['wait', '⏸'],
  NEW: ['bad', '✕'],
  REJECTED: ['bad', '✕'],
  FAILED: ['bad', '✕'],
  CANCELLED: ['plain', '⊘'],
  SKIPPED: ['plain', '⊘'],
  DISCARDED: ['plain', '⊘'],
} as const;

interface StatusBadgeProps<Status extends keyof typeof signs> {
  readonly status: Status;
  /** What each status is called: an order's, a delivery's or a dead letter's. */
  readonly words: Readonly<Record<Status, string>>;
}

export function StatusBadge<Status extends keyof typeof signs>({ status, words }: StatusBadgeProps<Status>) {
  const [tone, mark] = signs[status];
  return (
    <span class={`badge ${tone}`}>
      <span aria-hidden="true">{mark}</span> {words[status]}
    </span>
  );
}

/** How many dead letters await a decision; `null` is unknown, which is not 0. */
export function LetterCount({ count }: { readonly count: number | null }) {
  const { unknown, deadLetterCount } = texts.value;
  if (count === null) return <span class="muted">{unknown}</span>;
  if (count === 0) return <span class="muted">0</span>;
  return <StatusBadge status="NEW" words={{ NEW: deadLetterCount(count) }} />;
}
