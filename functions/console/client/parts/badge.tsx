import { texts } from '../i18n/index.ts';
import type { Delivery, LetterStatus, OrderStatus } from '../model.ts';

type Tone = 'good' | 'bad' | 'wait' | 'plain';

/** A word with a mark in front, so that colour is never the only sign. */
function Badge({ tone, mark, children }: { tone: Tone; mark: string; children: string }) {
  return (
    <span class={`badge ${tone}`}>
      <span aria-hidden="true">{mark}</span> {children}
    </span>
  );
}

const orderTones = {
  PENDING: ['wait', '◔'],
  CONFIRMED: ['good', '✓'],
  REJECTED: ['bad', '✕'],
  CANCELLED: ['plain', '⊘'],
} as const;

export function OrderBadge({ status }: { readonly status: OrderStatus }) {
  const [tone, mark] = orderTones[status];
  return (
    <Badge tone={tone} mark={mark}>
      {texts.value.orderStatus[status]}
    </Badge>
  );
}

const letterTones = {
  NEW: ['bad', '✕'],
  REDRIVEN: ['good', '↻'],
  PARKED: ['wait', '⏸'],
  DISCARDED: ['plain', '⊘'],
} as const;

export function LetterBadge({ status }: { readonly status: LetterStatus }) {
  const [tone, mark] = letterTones[status];
  return (
    <Badge tone={tone} mark={mark}>
      {texts.value.letterStatus[status]}
    </Badge>
  );
}

const deliveryTones = {
  PENDING: ['wait', '◔'],
  SENT: ['good', '✓'],
  SKIPPED: ['plain', '⊘'],
  FAILED: ['bad', '✕'],
} as const;

export function DeliveryBadge({ status }: { readonly status: Delivery['status'] }) {
  const [tone, mark] = deliveryTones[status];
  return (
    <Badge tone={tone} mark={mark}>
      {texts.value.deliveryStatus[status]}
    </Badge>
  );
}

/** How many dead letters wait for a decision; `null` is unknown, which is not 0. */
export function LetterCount({ count }: { readonly count: number | null }) {
  const { unknown, deadLetterCount } = texts.value;
  if (count === null) return <span class="muted">{unknown}</span>;
  if (count === 0) return <span class="muted">0</span>;
  return (
    <Badge tone="bad" mark="✕">
      {deadLetterCount(count)}
    </Badge>
  );
}
