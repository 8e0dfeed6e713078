import { useState } from 'preact/hooks';
import { change } from '../api.ts';
import { integer } from '../format.ts';
import { texts } from '../i18n/index.ts';
import type { Stock } from '../model.ts';
import { ActionButton } from '../parts/action-button.tsx';
import { Page, Section, Shown } from '../parts/page.tsx';
import { Table } from '../parts/records.tsx';
import { usePolled } from '../poll.ts';
import { query } from '../router.ts';

/** What is in stock, and how to change it. */
export function StockPage() {
  const { stockPage, nav } = texts.value;
  const stock = usePolled<{ stock: readonly Stock[] }>('/api/stock?limit=1000');
  return (
    <Page title={nav.stock} lead={stockPage.lead}>
      <Shown of={stock}>{(data) => <StockTable stock={data.stock} onChange={stock.reload} />}</Shown>
      <Section title={stockPage.newSku}>
        <NewSku onChange={stock.reload} />
      </Section>
    </Page>
  );
}

interface StockTableProps {
  readonly stock: readonly Stock[];
  readonly onChange: () => void;
}

function StockTable({ stock, onChange }: StockTableProps) {
  const { stockPage, columns, nav } = texts.value;
  return (
    <Table
      label={nav.stock}
      columns={[
        'SKU',
        `#${columns.available}`,
        `#${columns.reserved}`,
        `#${columns.onHand}`,
        stockPage.change,
      ]}
    >
      {stock.map((row) => (
        <StockRow key={row.sku} row={row} onChange={onChange} />
      ))}
    </Table>
  );
}

function StockRow({ row, onChange }: { readonly row: Stock; readonly onChange: () => void }) {
  const isAskedFor = query.value.get('sku') === row.sku;
  return (
    <tr class={isAskedFor ? 'asked-for' : ''}>
      <th scope="row" class="items">
        {row.sku}
      </th>
      <td class="number">{integer(row.available)}</td>
      <td class="number">{integer(row.reserved)}</td>
      <td class="number">{integer(row.onHand)}</td>
      <td>
        <Amount sku={row.sku} onHand={row.onHand} onChange={onChange} />
      </td>
    </tr>
  );
}

interface AmountProps {
  readonly sku: string;
  readonly onHand: number;
  readonly onChange: () => void;
}

/** Sets how many are on hand; the server refuses less than is reserved, and says so beside the button. */
function Amount({ sku, onHand, onChange }: AmountProps) {
  const { stockPage } = texts.value;
  const [amount, setAmount] = useState(String(onHand));
  const save = async () => {
    await change('PUT', `/api/stock/${encodeURIComponent(sku)}`, { onHand: Number(amount) });
    onChange();
  };
  return (
    <span class="actions">
      <input
        type="number"
        min="0"
        aria-label={stockPage.onHandOf(sku)}
        value={amount}
        onInput={({ currentTarget }) => {
          setAmount(currentTarget.value);
        }}
      />
      <ActionButton label={stockPage.set} run={save} />
    </span>
  );
}

function NewSku({ onChange }: { readonly onChange: () => void }) {
  const { stockPage } = texts.value;
  const [sku, setSku] = useState('');
  return (
    <div class="filters">
      <label>
        SKU
        <input
          value={sku}
          onInput={({ currentTarget }) => {
            setSku(currentTarget.value.trim());
          }}
        />
      </label>
      {sku === '' ? (
        <span class="muted">{stockPage.newHint}</span>
      ) : (
        <Amount sku={sku} onHand={100} onChange={onChange} />
      )}
    </div>
  );
}
