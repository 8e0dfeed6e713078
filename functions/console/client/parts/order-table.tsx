import { texts } from '../i18n/index.ts';
import type { Order, OrderItem } from '../model.ts';
import { href } from '../router.ts';
import { StatusBadge } from './badge.tsx';
import { Moment } from './moment.tsx';
import { Table } from './records.tsx';

/** Orders with a link to the journey of each. */
export function OrderTable({ orders }: { readonly orders: readonly Order[] }) {
  const { columns, nav } = texts.value;
  return (
    <Table
      label={nav.orders}
      columns={[columns.order, columns.status, columns.items, columns.customer, columns.placed]}
    >
      {orders.map((order) => (
        <tr key={order.orderId}>
          <th scope="row">
            <a href={href(['orders', order.orderId])}>{order.orderId}</a>
          </th>
          <td>
            <StatusBadge status={order.status} words={texts.value.orderStatus} />
          </td>
          <td class="items">{itemsText(order.items)}</td>
          <td>
            <a href={href(['orders'], { userId: order.userId })}>{order.userId}</a>
          </td>
          <td>
            <Moment at={order.createdAt} />
          </td>
        </tr>
      ))}
    </Table>
  );
}

/** `2 × ABC-001, 1 × ABC-002`; the first three of many. */
export function itemsText(items: readonly OrderItem[]): string {
  const shown = items.slice(0, 3).map(({ sku, qty }) => `${qty} × ${sku}`);
  return [...shown, ...(items.length > 3 ? ['…'] : [])].join(', ');
}
