import type { Shortage } from '../../lib/contracts/inventory-rejected.ts';
import type { Letter, Line } from './message-letter.ts';
import type { Notice } from './notice.ts';

/** The Korean words of every notice. */
export function writeKorean(notice: Notice): Letter {
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
    subject: `주문 ${orderId}번이 확정되었습니다`,
    reference: `주문 ${orderId}번`,
    heading: '주문이 확정되었습니다',
    lead: '감사합니다. 주문하신 모든 상품을 고객님을 위해 확보했습니다.',
    lines: items.map(orderedLine),
    closing: '따로 하실 일은 없습니다.',
    brief: `주문 ${orderId}번이 확정되었습니다. 모든 상품을 확보했습니다.`,
  };
}

function outOfStock({ orderId, shortages }: Extract<Notice, { kind: 'rejected' }>): Letter {
  return {
    subject: `주문 ${orderId}번을 처리하지 못했습니다`,
    reference: `주문 ${orderId}번`,
    heading: '재고가 부족합니다',
    lead: '죄송합니다. 주문하신 수량이 재고보다 많아 주문이 이루어지지 않았습니다.',
    lines: shortages.map(({ sku, requested, available }) => ({
      sku,
      detail: available === 0 ? '품절' : `재고 ${count(available)}개`,
      note: `주문 ${count(requested)}개`,
    })),
    closing: '남은 수량 안에서 다시 주문하실 수 있습니다.',
    brief: `재고가 부족하여 주문 ${orderId}번을 처리하지 못했습니다.${briefly(shortages)}`,
  };
}

/** Only the first three: a text message and a push notification have little room. */
function briefly(shortages: readonly Shortage[]): string {
  const named = shortages.slice(0, 3).map(({ sku, available }) => `${sku} 재고 ${count(available)}개`);
  const others = shortages.length - named.length;
  const list = [...named, ...(others > 0 ? [`외 ${others}건`] : [])].join(', ');
  return list && ` ${list}`;
}

function unknownSku({ orderId, items }: Notice): Letter {
  return {
    subject: `주문 ${orderId}번을 처리하지 못했습니다`,
    reference: `주문 ${orderId}번`,
    heading: '판매하지 않는 상품입니다',
    lead: '죄송합니다. 판매하지 않는 상품이 있어 주문이 이루어지지 않았습니다.',
    lines: items.map(orderedLine),
    closing: '상품 번호를 확인하고 다시 주문해 주세요.',
    brief: `주문 ${orderId}번을 처리하지 못했습니다. 판매하지 않는 상품이 있습니다.`,
  };
}

function released({ orderId, items }: Notice): Letter {
  return {
    subject: `주문 ${orderId}번이 취소되었습니다`,
    reference: `주문 ${orderId}번`,
    heading: '주문이 취소되었습니다',
    lead: '요청하신 대로 주문을 취소했습니다. 확보해 두었던 상품도 모두 해제했습니다.',
    lines: items.map(orderedLine),
    closing: '직접 요청하신 취소가 아니라면 저희에게 연락해 주세요.',
    brief: `요청하신 대로 주문 ${orderId}번을 취소했습니다.`,
  };
}

function orderedLine({ sku, qty }: Notice['items'][number]): Line {
  return { sku, detail: `${count(qty)}개` };
}

function count(units: number): string {
  return units.toLocaleString('ko');
}
