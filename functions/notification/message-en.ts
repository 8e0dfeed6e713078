import type { Letter, Notice } from './message.ts';

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
    heading: 'Your order is confirmed',
    lead: `Thank you. Everything in order ${orderId} is in stock and set aside for you.`,
    lines: items.map(orderedLine),
    closing: 'There is nothing you need to do.',
    brief: `Order ${orderId} is confirmed: everything is in stock and set aside for you.`,
  };
}

function outOfStock({ orderId, shortages }: Extract<Notice, { kind: 'rejected' }>): Letter {
  const lines = shortages.map(({ sku, requested, available }) => ({
    label: sku,
    detail: available === 0 ? `${requested} ordered, none left` : `${requested} ordered, ${available} left`,
  }));
  return {
    subject: `We could not fill your order ${orderId}`,
    heading: 'Not enough in stock',
    lead: `We are sorry: order ${orderId} asks for more than we have, so nothing was ordered.`,
    lines,
    closing: 'You are welcome to order again with what is left.',
    brief: `Order ${orderId} could not be filled: ${lines.map(({ label, detail }) => `${label} (${detail})`).join('; ')}.`,
  };
}

function unknownSku({ orderId, items }: Notice): Letter {
  return {
    subject: `We could not fill your order ${orderId}`,
    heading: 'An item we do not sell',
    lead: `We are sorry: at least one item of order ${orderId} is not in our range, so nothing was ordered.`,
    lines: items.map(orderedLine),
    closing: 'Please check the item numbers and order again.',
    brief: `Order ${orderId} could not be filled: at least one item is not in our range.`,
  };
}

function released({ orderId, items }: Notice): Letter {
  return {
    subject: `Your order ${orderId} is cancelled`,
    heading: 'Your order is cancelled',
    lead: `As you asked, order ${orderId} is cancelled. Nothing is set aside for you any more.`,
    lines: items.map(orderedLine),
    closing: 'If you did not ask for this, please contact us.',
    brief: `Order ${orderId} is cancelled, as you asked.`,
  };
}

function orderedLine({ sku, qty }: Notice['items'][number]) {
  return { label: sku, detail: `× ${qty}` };
}
