import { useState } from 'preact/hooks';
import { change } from '../api.ts';
import { texts } from '../i18n/index.ts';
import type { OrderItem, Stock } from '../model.ts';
import { usePolled } from '../poll.ts';
import { href, navigate } from '../router.ts';
import { visitor } from '../session.ts';
import { stageSettings } from '../settings.ts';
import { ActionButton } from './action-button.tsx';

/**
 * A form that places an order and opens its journey. Unknown SKUs may be entered: such an order is rejected.
 */
export function PlaceOrder({ onPlaced }: { readonly onPlaced: () => void }) {
  const { placeOrder } = texts.value;
  const { isOperator, userId: ownId = 42 } = visitor();
  const [userId, setUserId] = useState(String(ownId));
  const [items, setItems] = useState<readonly OrderItem[]>([{ sku: 'ABC-001', qty: 2 }]);
  const place = async (lines: readonly OrderItem[]) => {
    const body = { userId: Number(userId), items: lines };
    const { orderId } = await change<{ orderId: number }>('POST', '/api/orders', body);
    onPlaced();
    navigate(href(['orders', orderId]));
  };
  return (
    <div class="place-order">
      <label>
        {placeOrder.customer}
        <input
          inputMode="numeric"
          readOnly={!isOperator}
          value={userId}
          onInput={({ currentTarget }) => {
            setUserId(currentTarget.value);
          }}
        />
      </label>
      <Lines items={items} onChange={setItems} />
      <div class="actions">
        <button
          type="button"
          onClick={() => {
            setItems([...items, { sku: '', qty: 1 }]);
          }}
        >
          {placeOrder.addLine}
        </button>
        <ActionButton label={placeOrder.place} isPrimary action="place" run={() => place(items)} />
      </div>
      {isOperator && <FailingOrder place={place} />}
    </div>
  );
}

/** Renders nothing on a stage where no fault can be injected. */
function FailingOrder({ place }: { readonly place: (lines: readonly OrderItem[]) => Promise<void> }) {
  const { placeOrder } = texts.value;
  const { faultSku } = stageSettings();
  if (faultSku === undefined) return null;
  return (
    <>
      <p class="muted small">{placeOrder.failHint}</p>
      <ActionButton
        label={placeOrder.fail(faultSku)}
        action="place-failing"
        run={() => place([{ sku: faultSku, qty: 1 }])}
      />
    </>
  );
}

interface LinesProps {
  readonly items: readonly OrderItem[];
  readonly onChange: (items: readonly OrderItem[]) => void;
}

function Lines({ items, onChange }: LinesProps) {
  const { data } = usePolled<{ stock: readonly Stock[] }>(visitor().isOperator ? '/api/stock' : undefined);
  const replace = (index: number, changes: Partial<OrderItem>) => {
    onChange(items.map((item, at) => (at === index ? { ...item, ...changes } : item)));
  };
  return (
    <>
      {items.map((item, index) => (
        <Line
          key={index}
          item={item}
          number={index + 1}
          onChange={(changes) => {
            replace(index, changes);
          }}
          onRemove={
            items.length > 1
              ? () => {
                  onChange(items.filter((_, at) => at !== index));
                }
              : undefined
          }
        />
      ))}
      <datalist id="skus">
        {data?.stock.map(({ sku, available }) => (
          <option key={sku} value={sku}>
            {texts.value.placeOrder.available(available)}
          </option>
        ))}
      </datalist>
    </>
  );
}

interface LineProps {
  readonly item: OrderItem;
  readonly number: number;
  readonly onChange: (changes: Partial<OrderItem>) => void;
  readonly onRemove: (() => void) | undefined;
}

function Line({ item, number, onChange, onRemove }: LineProps) {
  const { placeOrder } = texts.value;
  return (
    <fieldset class="line">
      <legend class="visually-hidden">{placeOrder.line(number)}</legend>
      <label>
        {placeOrder.sku}
        <input
          list="skus"
          value={item.sku}
          onInput={({ currentTarget }) => {
            onChange({ sku: currentTarget.value });
          }}
        />
      </label>
      <label class="quantity">
        {placeOrder.quantity}
        <input
          type="number"
          min="1"
          max="10000"
          value={item.qty}
          onInput={({ currentTarget }) => {
            onChange({ qty: Number(currentTarget.value) });
          }}
        />
      </label>
      {onRemove && (
        <button type="button" aria-label={placeOrder.removeLine(number)} onClick={onRemove}>
          ✕
        </button>
      )}
    </fieldset>
  );
}
