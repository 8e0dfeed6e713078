import { useState } from 'preact/hooks';
import { duration } from '../format.ts';
import { texts } from '../i18n/index.ts';
import type { Step } from '../journey.ts';
import type { DeadLetter, DeadLetterDetails, Delivery, Mail, Mails, Order } from '../model.ts';
import { usePolled } from '../poll.ts';
import { href } from '../router.ts';
import { visitor } from '../session.ts';
import { stageSettings } from '../settings.ts';
import { StatusBadge } from './badge.tsx';
import { LetterActions } from './letter-actions.tsx';
import { MailView } from './mail-view.tsx';
import { Moment } from './moment.tsx';
import { itemsText } from './order-table.tsx';
import { lineOf, RecordLink } from './records.tsx';

interface JourneyStepProps {
  readonly step: Step;
  readonly order: Order;
  readonly onChange: () => void;
}

const marks = { done: '✓', rejected: '✕', failed: '!' } as const;

/** One stop of the journey: what a function did and published, whom it notified, and what failed. */
export function JourneyStep({ step, order, onChange }: JourneyStepProps) {
  const { journey } = texts.value;
  return (
    <li class={`stop ${step.outcome} ${trackOf(step)}`} data-step={step.function}>
      <span class="stop-mark" aria-hidden="true">
        {marks[step.outcome]}
      </span>
      <div class="stop-body">
        <div class="stop-head">
          <h2>
            {journey.did[step.function]?.[step.outcome] ?? step.function}
            <code class="function-name">{step.function}</code>
          </h2>
          {step.at !== null && (
            <p class="when">
              <Elapsed from={order.createdAt} to={step.at} /> <Moment at={step.at} />
            </p>
          )}
        </div>
        {step.function === 'reserveInventory' && <Decision items={order.items} step={step} />}
        {step.records.map((record) => (
          <p
            key={`${record.topic} ${record.partition} ${record.offset}`}
            class={`published ${lineOf(record.topic)}`}
            data-step={record.topic}
          >
            {journey.published} <RecordLink {...record} />
          </p>
        ))}
        {step.deliveries.map((delivery) => (
          <DeliveryView key={`${delivery.kind} ${delivery.channel}`} delivery={delivery} />
        ))}
        {step.deadLetters.map((letter) => (
          <LetterView key={letter.deadLetterId} letter={letter} onChange={onChange} />
        ))}
      </div>
    </li>
  );
}

/** From here on the order travels on the topic that was published to last. */
function trackOf({ records }: Step): string {
  const last = records.at(-1);
  return last === undefined ? '' : lineOf(last.topic);
}

/** How long after the order was placed. */
function Elapsed({ from, to }: { readonly from: string; readonly to: string }) {
  const seconds = Math.max(0, Date.parse(to) - Date.parse(from)) / 1_000;
  return <span class="elapsed">+{duration(seconds)}</span>;
}

/** What was decided about the stock, and why. */
function Decision({ items, step }: { readonly items: Order['items']; readonly step: Step }) {
  const { journey } = texts.value;
  const { rejection, outcome } = step;
  if (outcome === 'done') return <p>{journey.setAside(itemsText(items))}</p>;
  if (rejection === undefined) return null;
  return (
    <div>
      <p>{journey.reasons[rejection.reason] ?? rejection.reason}</p>
      <ul>
        {rejection.shortages?.map(({ sku, requested, available }) => (
          <li key={sku}>
            <Sku sku={sku} /> {journey.shortage(requested, available)}
          </li>
        ))}
      </ul>
    </div>
  );
}

/** A link to the stock, for those who may see it. */
function Sku({ sku }: { readonly sku: string }) {
  return visitor().isOperator ? <a href={href(['stock'], { sku })}>{sku}</a> : <>{sku}</>;
}

function DeliveryView({ delivery }: { readonly delivery: Delivery }) {
  const { journey } = texts.value;
  const { channel, kind, status, sentAt = null, orderId } = delivery;
  const hasMail =
    stageSettings().hasInbox && visitor().isOperator && channel === 'email' && status === 'SENT';
  return (
    <div class="delivery">
      <p>
        {journey.message(journey.kinds[kind], journey.channels[channel] ?? channel)}{' '}
        <StatusBadge status={status} words={texts.value.deliveryStatus} />{' '}
        {sentAt !== null && <Moment at={sentAt} />}
      </p>
      {hasMail && <MailOfOrder name={`order-${orderId}-${kind}-email`} />}
    </div>
  );
}

/** The mail with the delivery's name; it is loaded when someone opens it. */
function MailOfOrder({ name }: { readonly name: string }) {
  const { journey } = texts.value;
  const [isOpen, setOpen] = useState(false);
  const { data } = usePolled<Mails>(`/api/inbox?messageId=${name}@`);
  const found = data?.messages.find(({ MessageID }) => MessageID.startsWith(`${name}@`));
  if (!found) return null;
  return (
    <details
      onToggle={({ currentTarget }) => {
        setOpen(currentTarget.open);
      }}
    >
      <summary>{journey.showMail(found.Subject)}</summary>
      {isOpen && <OneMail id={found.ID} />}
    </details>
  );
}

function OneMail({ id }: { readonly id: string }) {
  const { data } = usePolled<Mail>(`/api/inbox/${id}`);
  return data ? <MailView mail={data} /> : <p class="muted">{texts.value.loading}</p>;
}

function LetterView({ letter, onChange }: { readonly letter: DeadLetter; readonly onChange: () => void }) {
  const { journey } = texts.value;
  return (
    <div class="letter" data-dead-letter={letter.deadLetterId}>
      <p data-step={letter.topic}>
        <StatusBadge status={letter.status} words={texts.value.letterStatus} />{' '}
        <a href={href(['dead-letters', letter.deadLetterId])}>{journey.letter(letter.deadLetterId)}</a>{' '}
        <Moment at={letter.failedAt} />
      </p>
      <p>
        <code>{letter.exceptionClass ?? '?'}</code> {letter.message}
      </p>
      <p>
        <RecordLink {...letter} /> <Attempts letterId={letter.deadLetterId} />{' '}
        {letter.redriveCount > 0 && journey.redriven(letter.redriveCount)}
      </p>
      <LetterActions letter={letter} onDone={onChange} />
    </div>
  );
}

/** How often the record was attempted in total; nothing if its headers do not say. */
function Attempts({ letterId }: { readonly letterId: number }) {
  const { data } = usePolled<DeadLetterDetails>(`/api/dead-letters/${letterId}?value=cut`);
  const attempts = Number(data?.headers.find(({ name }) => name === 'kafka_deliveryAttempt')?.text);
  return attempts > 0 ? <strong>{texts.value.journey.attempts(attempts)}</strong> : null;
}
