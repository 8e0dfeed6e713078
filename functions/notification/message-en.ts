import type { Shortage } from '../../lib/contracts/inventory-rejected.ts';
import type { Letter, Line } from './message-letter.ts';
import type { Notice } from './notice.ts';

/** The English words of every notice. */
export function writeEnglish(notice: Notice): Letter {
  switch (notice.kind) {
    case 'reserved':
      return reserved(notice);
    case 'rejected':
      return notice.reason === 'OUT_OF_STOCK' ? outOfStock(notice) : unknownSku(notice);
    case 'released':
      return released(notice);
  }
}

function reserved({ orderId, items }: Notice): Letter {
  return {
    subject: `Your order ${orderId} is confirmed`,
    reference: `Order ${orderId}`,
    heading: 'Your order is confirmed',
    lead: 'Thank you. Everything you ordered is in stock and set aside for you.',
    lines: items.map(orderedLine),
    closing: 'There is nothing you need to do.',
    brief: `Order ${orderId} is confirmed: everything is in stock and set aside for you.`,
  };
}

function outOfStock({ orderId, shortages }: Extract<Notice, { kind: 'rejected' }>): Letter {
  return {
    subject: `We could not fill your order ${orderId}`,
    reference: `Order ${orderId}`,
    heading: 'Not enough in stock',
    lead: 'We are sorry: your order asks for more than we have, so nothing was ordered.',
    lines: shortages.map(({ sku, requested, available }) => ({
      sku,
      detail: available === 0 ? 'none left' : `${count(available)} left`,
      note: `${count(requested)} ordered`,
    })),
    closing: 'You are welcome to order again with what is left.',
    brief: `Order ${orderId} could not be filled: ${briefly(shortages)}.`,
  };
}

/** Only the first three: a text message and a push notification have little room. */
function briefly(shortages: readonly Shortage[]): string {
  if (shortages.length === 0) return 'not enough in stock';
  const named = shortages.slice(0, 3).map(({ sku, available }) => `${count(available)} left of ${sku}`);
  const others = shortages.length - named.length;
  return [...named, ...(others > 0 ? [`${others} more items short`] : [])].join(', ');
}

function unknownSku({ orderId, items }: Notice): Letter {
  return {
    subject: `We could not fill your order ${orderId}`,
    reference: `Order ${orderId}`,
    heading: 'An item we do not sell',
    lead: 'We are sorry: at least one of these items is not in our range, so nothing was ordered.',
    lines: items.map(orderedLine),
    closing: 'Please check the item numbers and order again.',
    brief: `Order ${orderId} could not be filled: at least one item is not in our range.`,
  };
}

function released({ orderId, items }: Notice): Letter {
  return {
    subject: `Your order ${orderId} is cancelled`,
    reference: `Order ${orderId}`,
    heading: 'Your order is cancelled',
    lead: 'As you asked, your order is cancelled. Nothing is set aside for you any more.',
    lines: items.map(orderedLine),
    closing: 'If you did not ask for this, please contact us.',
    brief: `Order ${orderId} is cancelled, as you asked.`,
  };
}

function orderedLine({ sku, qty }: Notice['items'][number]): Line {
  return { sku, detail: `× ${count(qty)}` };
}

function count(units: number): string {
  return units.toLocaleString('en');
}
