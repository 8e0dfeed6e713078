import { decimal, integer, wait } from '../format.ts';
import { texts } from '../i18n/index.ts';
import type { Cause, Flow, Orders, TriggerFlow } from '../model.ts';
import { LetterCount } from '../parts/badge.tsx';
import { FlowPicture } from '../parts/flow-picture.tsx';
import { OrderTable } from '../parts/order-table.tsx';
import { Page, Section, Shown, Trouble } from '../parts/page.tsx';
import { PlaceOrder } from '../parts/place-order.tsx';
import { usePolled, type Polled } from '../poll.ts';
import { href } from '../router.ts';
import { visitor } from '../session.ts';
import { stageSettings } from '../settings.ts';
import { lagOf, unknownAsNull } from '../totals.ts';

/** How the system is doing, and a way to place an order. */
export function OverviewPage() {
  const { overview, nav } = texts.value;
  const { isOperator } = visitor();
  const flow = usePolled<Flow>(
    isOperator ? '/api/flow' : undefined,
    (data) => (lagOf(data.triggers) ?? 0) > 0,
  );
  const orders = usePolled<Orders>('/api/orders?limit=6', (data) =>
    data.orders.some(({ status }) => status === 'PENDING'),
  );
  const isEmpty = orders.data?.orders.length === 0;
  return (
    <Page title={nav['']} lead={isEmpty ? overview.empty : overview.lead}>
      {isOperator && <Figures flow={flow} />}
      {flow.data && <LiveMap triggers={flow.data.triggers} />}
      <div class="columns">
        <Section title={overview.place}>
          <PlaceOrder onPlaced={orders.reload} />
        </Section>
        <Section title={overview.recent}>
          <Shown of={orders}>{(data) => <RecentOrders of={data} />}</Shown>
        </Section>
      </div>
      <Causes count={lettersOf(flow.data?.triggers ?? [])} />
    </Page>
  );
}

/** The way of an order through the system, as it is at this moment. */
function LiveMap({ triggers }: { readonly triggers: readonly TriggerFlow[] }) {
  const { overview } = texts.value;
  return (
    <section class="map">
      <h2>
        {overview.map} <a href={href(['flow'])}>{overview.allOfTheFlow}</a>
      </h2>
      <FlowPicture triggers={triggers} />
    </section>
  );
}

/** Causes of failed records that still need a decision. */
function Causes({ count }: { readonly count: number | null }) {
  const { overview } = texts.value;
  const hasSome = count !== null && count > 0;
  const path = hasSome ? '/api/dead-letters/causes?status=NEW' : undefined;
  const causes = usePolled<{ causes: readonly Cause[] }>(path);
  if (!hasSome) return null;
  return (
    <Section title={overview.causes}>
      <Shown of={causes}>
        {(data) => (
          <ul class="causes">
            {data.causes.map(({ originalTopic, exceptionClass, message, count }) => (
              <li key={`${originalTopic} ${exceptionClass ?? ''}`}>
                <LetterCount count={count} />{' '}
                <a href={href(['dead-letters'], { topic: originalTopic, exception: exceptionClass ?? '' })}>
                  {exceptionClass ?? '?'}
                </a>{' '}
                <code>{originalTopic}</code> <span class="muted">{message}</span>
              </li>
            ))}
          </ul>
        )}
      </Shown>
    </Section>
  );
}

function RecentOrders({ of: { orders } }: { readonly of: Orders }) {
  const { overview } = texts.value;
  if (orders.length === 0) {
    if (stageSettings().signIn) return <p>{texts.value.ordersPage.empty}</p>;
    const curl = `curl -X POST ${location.origin}/api/orders -H 'Content-Type: application/json' -d '{"userId":42,"items":[{"sku":"ABC-001","qty":2}]}'`;
    return (
      <>
        <p>{overview.howToBegin}</p>
        <pre>{curl}</pre>
      </>
    );
  }
  return (
    <>
      <OrderTable orders={orders} />
      <p>
        <a href={href(['orders'])}>{overview.allOrders}</a>
      </p>
    </>
  );
}

function Figures({ flow }: { readonly flow: Polled<Flow> }) {
  const { overview } = texts.value;
  const triggers = flow.data?.triggers ?? [];
  const created = triggers.find(({ topic }) => topic === 'order.created');
  const lag = lagOf(triggers);
  const oldest = unknownAsNull(
    triggers.map(({ lagSeconds }) => lagSeconds),
    (numbers) => Math.max(0, ...numbers),
  );
  return (
    <>
      <Trouble of={flow} />
      <dl class="figures" aria-label={overview.figures}>
        <Figure name={overview.rate} value={perMinute(created)} of={flow} />
        <Figure name={overview.lag} value={lag === null ? undefined : integer(lag)} of={flow} />
        <Figure name={overview.oldest} value={oldest === null ? undefined : wait(oldest)} of={flow} />
        <div>
          <dt>{overview.deadLetters}</dt>
          <dd>
            <a href={href(['dead-letters'])}>
              <LetterCount count={flow.data === undefined ? null : lettersOf(triggers)} />
            </a>
          </dd>
        </div>
      </dl>
    </>
  );
}

interface FigureProps {
  readonly name: string;
  /** Undefined while it is unknown. */
  readonly value: string | undefined;
  readonly of: Polled<unknown>;
}

function Figure({ name, value, of: { data, error } }: FigureProps) {
  const isLoading = data === undefined && error === undefined;
  return (
    <div>
      <dt>{name}</dt>
      <dd>{value ?? (isLoading ? '…' : texts.value.unknown)}</dd>
    </div>
  );
}

function perMinute(trigger: TriggerFlow | undefined): string | undefined {
  const rate = trigger?.ratePerSecond ?? null;
  return rate === null ? undefined : decimal(rate * 60);
}

function lettersOf(triggers: readonly TriggerFlow[]): number | null {
  return unknownAsNull(
    triggers.map(({ deadLetters }) => deadLetters),
    (numbers) => numbers.reduce((sum, number) => sum + number, 0),
  );
}
