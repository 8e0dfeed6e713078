import { useRef } from 'preact/hooks';
import { duration, now } from '../format.ts';
import { texts } from '../i18n/index.ts';
import { waitingOf, type Travelled, type Waiting } from '../journey.ts';
import type { Flow, TriggerFlow } from '../model.ts';
import { usePolled } from '../poll.ts';
import { visitor } from '../session.ts';

/** An order's current stop: what it waits for, in words and seconds; nothing when it is finished. */
export function WaitingStop({ travelled }: { readonly travelled: Travelled }) {
  const isPending = travelled.order.status === 'PENDING';
  const { isOperator } = visitor();
  const { data } = usePolled<Flow>(isPending && isOperator ? '/api/flow' : undefined, () => true);
  const pace = usePace(data?.triggers.find(({ topic }) => topic === 'order.created'));
  const waiting = waitingOf(travelled, data?.triggers ?? []);
  if (waiting === undefined) return null;
  const waited = duration(Math.max(0, now.value - Date.parse(travelled.order.createdAt)) / 1_000);
  return (
    <li class="stop waiting">
      <span class="stop-mark" aria-hidden="true">
        …
      </span>
      <p class="stop-body" role="status">
        {isOperator ? sentenceOf(waiting, pace) : texts.value.waiting.underWay}{' '}
        {texts.value.waiting.since(waited)}
      </p>
    </li>
  );
}

function sentenceOf(waiting: Waiting, pace: number | undefined): string {
  const { waiting: words } = texts.value;
  if (waiting.for === 'decision') return words.decision(waiting.deadLetter.deadLetterId);
  return waiting.for === 'trigger' ? triggerSentence(waiting, pace) : words[waiting.for];
}

function triggerSentence(waiting: Waiting & { readonly for: 'trigger' }, pace: number | undefined): string {
  const { waiting: words } = texts.value;
  const { ahead, partition } = waiting;
  if (ahead === null) return words.triggerUnknown(waiting.function);
  const remaining = pace === undefined || pace <= 0 ? undefined : duration(ahead / pace);
  return words.trigger(waiting.function, ahead, partition, remaining);
}

/**
 * Records per second that a trigger processes, measured since the page was opened; undefined before the
 * second reading.
 */
function usePace(trigger: TriggerFlow | undefined): number | undefined {
  const first = useRef<{ readonly at: number; readonly taken: number } | undefined>(undefined);
  if (!trigger?.partitions) return undefined;
  const taken = trigger.partitions.reduce((sum, { committed }) => sum + (committed ?? 0), 0);
  first.current ??= { at: Date.now(), taken };
  const seconds = (Date.now() - first.current.at) / 1_000;
  return seconds < 1 ? undefined : (taken - first.current.taken) / seconds;
}
