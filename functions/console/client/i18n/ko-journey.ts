import type { Texts } from './en.ts';

const did: Texts['journey']['did'] = {
  createOrder: { done: '주문 접수', rejected: '주문 거절', failed: '주문 접수 실패' },
  reserveInventory: { done: '재고 예약', rejected: '재고를 예약할 수 없음', failed: '재고 예약 실패' },
  settleOrder: { done: '주문 확정', rejected: '주문 거절', failed: '주문 확정 실패' },
  cancelOrder: { done: '주문 취소', rejected: '취소 거절', failed: '취소 실패' },
  releaseInventory: { done: '재고 해제', rejected: '해제할 재고 없음', failed: '재고 해제 실패' },
  notify: { done: '고객에게 알림', rejected: '고객에게 알림', failed: '알림 실패' },
};

/** What the journey of an order says. */
export const journey: Texts['journey'] = {
  title: (orderId) => `주문 ${orderId}`,
  steps: '단계별로 일어난 일',
  customer: '고객',
  cancel: '주문 취소',
  cancelQuestion: (orderId) =>
    `주문 ${orderId}을(를) 취소할까요? 예약된 재고가 해제되며, 되돌릴 수 없습니다.`,
  did,
  published: '발행',
  total: (time) => `주문부터 마지막 단계까지 ${time} 걸렸습니다.`,
  noRecords: '토픽에는 더 이상 이 주문의 레코드가 없습니다. 보이는 내용은 데이터베이스에서 가져온 것입니다.',
  setAside: (items) => `이 주문을 위해 따로 둔 재고: ${items}`,
  shortage: (requested, available) => `요청 ${requested}개, 판매 가능 ${available}개`,
  reasons: {
    OUT_OF_STOCK: '재고가 부족합니다.',
    UNKNOWN_SKU: '존재하지 않는 SKU입니다.',
    ORDER_CANCELLED: '재고를 예약하기 전에 주문이 취소되었습니다.',
  },
  kinds: { reserved: '주문 확정 안내', rejected: '주문 거절 안내', released: '주문 취소 안내' },
  channels: { email: '이메일', sms: 'SMS', push: '푸시', webhook: '웹훅' },
  message: (kind, channel) => `${kind} (${channel})`,
  showMail: (subject) => `메일 보기: ${subject}`,
  letter: (id) => `데드 레터 ${id}`,
  attempts: (count) => `시도 ${count}회`,
  redriven: (count) => `이전에 ${count}번 재전송됨`,
};

/** What a waiting order waits for. */
export const waiting: Texts['waiting'] = {
  since: (time) => `${time}째 기다리는 중입니다.`,
  underWay: '주문을 처리하고 있습니다.',
  outbox:
    '주문 이벤트가 아직 Kafka에 없습니다. 아웃박스에 안전하게 보관되어 있으며 1분마다 전달을 시도합니다.',
  kafka:
    'Kafka가 응답하지 않습니다. 주문은 데이터베이스에 안전하게 있으며, Kafka가 돌아오면 1분 안에 이어집니다.',
  settling: '결정이 내려졌습니다. settleOrder가 곧 주문에 반영합니다.',
  decision: (id) =>
    `재고 예약이 거듭 실패하여 데드 레터 ${id}이(가) 결정을 기다립니다. 위에서 재전송하거나 보류하세요.`,
  triggerUnknown: (name) => `${name}을(를) 기다립니다. 얼마나 밀려 있는지는 알 수 없습니다.`,
  trigger: (name, ahead, partition, remaining) => {
    if (ahead < 0) return `${name}이(가) 가져갔습니다. 결과가 곧 나타납니다.`;
    if (ahead === 0) return `${name}이(가) 처리하고 있습니다.`;
    const time = remaining === undefined ? '' : `, 약 ${remaining}`;
    return `${name}을(를) 기다립니다: 파티션 ${partition}에 앞선 레코드 ${ahead}건${time}.`;
  },
};
