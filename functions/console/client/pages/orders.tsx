import { texts } from '../i18n/index.ts';
import type { Orders } from '../model.ts';
import { OrderTable } from '../parts/order-table.tsx';
import { Page, Shown } from '../parts/page.tsx';
import { usePolled } from '../poll.ts';
import { href, query, setQuery } from '../router.ts';
import { visitor } from '../session.ts';

const statuses = ['PENDING', 'CONFIRMED', 'REJECTED', 'CANCELLED'] as const;

/** The orders that the visitor may see, newest first, filtered by what the address says. */
export function OrdersPage() {
  const { ordersPage, nav } = texts.value;
  const parameters = new URLSearchParams({ limit: '50' });
  for (const name of ['status', 'userId', 'cursor']) {
    const value = query.value.get(name);
    if (value !== null && value !== '') parameters.set(name, value);
  }
  const orders = usePolled<Orders>(`/api/orders?${parameters.toString()}`, (data) =>
    data.orders.some(({ status }) => status === 'PENDING'),
  );
  return (
    <Page title={nav.orders} lead={ordersPage.lead}>
      <Filters />
      <Shown of={orders}>{(data) => <Results of={data} />}</Shown>
    </Page>
  );
}

function Results({ of: { orders, nextCursor } }: { readonly of: Orders }) {
  const { ordersPage, older, newest } = texts.value;
  const filters = { status: query.value.get('status') ?? '', userId: query.value.get('userId') ?? '' };
  if (orders.length === 0) {
    return (
      <p>
        {ordersPage.empty} <a href={href([])}>{ordersPage.placeOne}</a>
      </p>
    );
  }
  return (
    <>
      <OrderTable orders={orders} />
      <p class="actions">
        {query.value.has('cursor') && <a href={href(['orders'], filters)}>{newest}</a>}
        {nextCursor !== undefined && (
          <a href={href(['orders'], { ...filters, cursor: nextCursor })}>{older}</a>
        )}
      </p>
    </>
  );
}

function Filters() {
  const { ordersPage, columns, orderStatus } = texts.value;
  return (
    <form
      class="filters"
      onSubmit={(event) => {
        event.preventDefault();
      }}
    >
      <label>
        {columns.status}
        <select
          value={query.value.get('status') ?? ''}
          onChange={({ currentTarget }) => {
            setQuery({ status: currentTarget.value, cursor: undefined });
          }}
        >
          <option value="">{ordersPage.anyStatus}</option>
          {statuses.map((status) => (
            <option key={status} value={status}>
              {orderStatus[status]}
            </option>
          ))}
        </select>
      </label>
      {visitor().isOperator && <CustomerFilter />}
    </form>
  );
}

function CustomerFilter() {
  return (
    <label>
      {texts.value.columns.customer}
      <input
        inputMode="numeric"
        pattern="[0-9]*"
        value={query.value.get('userId') ?? ''}
        onChange={({ currentTarget }) => {
          setQuery({ userId: currentTarget.value.replaceAll(/\D/g, ''), cursor: undefined });
        }}
      />
    </label>
  );
}
