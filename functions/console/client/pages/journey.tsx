import { change } from '../api.ts';
import { duration } from '../format.ts';
import { texts } from '../i18n/index.ts';
import { stepsOf } from '../journey.ts';
import type { Order } from '../model.ts';
import { ActionButton } from '../parts/action-button.tsx';
import { StatusBadge } from '../parts/badge.tsx';
import { JourneyStep } from '../parts/journey-step.tsx';
import { Moment } from '../parts/moment.tsx';
import { itemsText } from '../parts/order-table.tsx';
import { Page, Shown, Trouble } from '../parts/page.tsx';
import { WaitingStop } from '../parts/waiting-stop.tsx';
import { usePolled } from '../poll.ts';
import { href } from '../router.ts';
import { useTravelled } from '../travelled.ts';

/** How long after its last change an order may still cause something, in ms. */
const settlingMs = 15_000;

/** Everything that happens to one order, as it happens. */
export function JourneyPage({ orderId }: { readonly orderId: string }) {
  const { journey } = texts.value;
  const id = encodeURIComponent(orderId);
  const order = usePolled<Order>(`/api/orders/${id}`, isUnderWay);
  return (
    <Page
      title={journey.title(orderId)}
      lead={order.data && <Summary order={order.data} />}
      actions={order.data && <Actions order={order.data} onDone={order.reload} />}
    >
      <Shown of={order}>{(data) => <Journey order={data} onChange={order.reload} />}</Shown>
    </Page>
  );
}

function isUnderWay({ status, updatedAt }: Order): boolean {
  return status === 'PENDING' || Date.now() - Date.parse(updatedAt) < settlingMs;
}

function Summary({ order }: { readonly order: Order }) {
  const { journey } = texts.value;
  return (
    <>
      <StatusBadge status={order.status} words={texts.value.orderStatus} /> {itemsText(order.items)} ·{' '}
      {journey.customer} <a href={href(['orders'], { userId: order.userId })}>{order.userId}</a> ·{' '}
      <Moment at={order.createdAt} />
    </>
  );
}

function Actions({ order, onDone }: { readonly order: Order; readonly onDone: () => void }) {
  const { journey } = texts.value;
  if (order.status !== 'PENDING' && order.status !== 'CONFIRMED') return null;
  const cancel = async () => {
    await change('POST', `/api/orders/${order.orderId}/cancel`);
    onDone();
  };
  return (
    <ActionButton
      label={journey.cancel}
      action="cancel"
      question={journey.cancelQuestion(order.orderId)}
      run={cancel}
    />
  );
}

function Journey({ order, onChange }: { readonly order: Order; readonly onChange: () => void }) {
  const { journey } = texts.value;
  const { travelled, sources, isOffTopics, reload } = useTravelled(order, isUnderWay);
  const steps = stepsOf(travelled);
  const reloadAll = () => {
    reload();
    onChange();
  };
  return (
    <>
      {sources.map((source, index) => (
        <Trouble key={index} of={source} />
      ))}
      <ol class="journey" aria-label={journey.steps}>
        {steps.map((step) => (
          <JourneyStep
            key={`${step.function} ${step.outcome}`}
            step={step}
            order={order}
            onChange={reloadAll}
          />
        ))}
        <WaitingStop travelled={travelled} />
      </ol>
      <Total order={order} moments={steps.flatMap(({ at }) => at ?? [])} />
      {isOffTopics && <p class="muted">{journey.noRecords}</p>}
    </>
  );
}

function Total({ order, moments }: { readonly order: Order; readonly moments: readonly string[] }) {
  const last = moments.toSorted().at(-1);
  if (last === undefined || order.status === 'PENDING') return null;
  const seconds = Math.max(0, Date.parse(last) - Date.parse(order.createdAt)) / 1_000;
  return <p class="muted">{texts.value.journey.total(duration(seconds))}</p>;
}
