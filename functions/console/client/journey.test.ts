import { searchesOf } from './journey-search.ts';
import { stepsOf, waitingOf, type Travelled } from './journey.ts';
import type { DeadLetter, Order, TopicRecord, TriggerFlow } from './model.ts';

const order: Order = {
  orderId: 7,
  userId: 42,
  status: 'PENDING',
  items: [{ sku: 'ABC-001', qty: 2 }],
  createdAt: '2026-11-22T10:00:00.000Z',
  updatedAt: '2026-11-22T10:00:00.000Z',
};

function recordOn(topic: string, time = '2026-11-22T10:00:01.000Z'): TopicRecord {
  return {
    topic,
    partition: 1,
    offset: 100,
    timestamp: time,
    timestampType: 'CREATE_TIME',
    key: { text: '7' },
    value: null,
    headers: [{ name: 'ce_time', text: time }],
  };
}

function letter(changes: Partial<DeadLetter> = {}): DeadLetter {
  return {
    deadLetterId: 3,
    status: 'NEW',
    topic: 'order.created.DLT',
    partition: 1,
    offset: 0,
    originalTopic: 'order.created',
    originalPartition: 1,
    originalOffset: 100,
    consumerGroup: 'openorder-local-reserveInventory-order.created',
    exceptionClass: 'FaultInjectedError',
    causeClass: null,
    message: null,
    keyText: '7',
    redriveCount: 0,
    failedAt: '2026-11-22T10:00:02.000Z',
    ...changes,
  };
}

function travelled(changes: Partial<Travelled> = {}): Travelled {
  return {
    order,
    records: [recordOn('order.created')],
    topics: 'read',
    deliveries: [],
    deadLetters: [],
    ...changes,
  };
}

const summary = (journey: Travelled) =>
  stepsOf(journey).map(({ function: name, outcome }) => `${name} ${outcome}`);

describe('the steps of a journey', () => {
  it('when the topics no longer hold an order, inventory still says when it decided, and why', () => {
    const decidedAt = '2026-11-22T10:00:03.000Z';
    const old = { ...order, status: 'REJECTED' as const, rejection: { reason: 'UNKNOWN_SKU' } };
    const reservation = { status: 'REJECTED' as const, reason: 'UNKNOWN_SKU', decidedAt };
    const steps = stepsOf(travelled({ order: old, records: [], reservation }));
    expect(steps[1]).toMatchObject({
      function: 'reserveInventory',
      outcome: 'rejected',
      at: decidedAt,
      rejection: { reason: 'UNKNOWN_SKU' },
    });
  });

  it('when a cancelled order is no longer on the topics, says that stock was reserved and released', () => {
    const old = { ...order, status: 'CANCELLED' as const };
    const reservation = {
      status: 'RELEASED' as const,
      decidedAt: '2026-11-22T10:00:03.000Z',
      releasedAt: '2026-11-22T10:00:09.000Z',
    };
    expect(summary(travelled({ order: old, records: [], reservation }))).toEqual([
      'createOrder done',
      'reserveInventory done',
      'cancelOrder done',
      'releaseInventory done',
    ]);
  });

  it('when an order has just been accepted, are one, with the record it left', () => {
    const [step, ...others] = stepsOf(travelled());
    expect(step).toMatchObject({ function: 'createOrder', at: order.createdAt });
    expect(step?.records.map(({ topic }) => topic)).toEqual(['order.created']);
    expect(others).toEqual([]);
  });

  it('when stock sufficed and the customer was notified, end with the notice', () => {
    const confirmed = travelled({
      order: { ...order, status: 'CONFIRMED', updatedAt: '2026-11-22T10:00:02.000Z' },
      records: [recordOn('order.created'), recordOn('inventory.reserved')],
      deliveries: [
        {
          orderId: 7,
          kind: 'reserved',
          channel: 'email',
          status: 'SENT',
          sentAt: '2026-11-22T10:00:03.000Z',
        },
      ],
    });
    expect(summary(confirmed)).toEqual([
      'createOrder done',
      'reserveInventory done',
      'settleOrder done',
      'notify done',
    ]);
    expect(stepsOf(confirmed).at(-1)?.at).toBe('2026-11-22T10:00:03.000Z');
  });

  it('when stock was short, say that reserving was rejected', () => {
    const rejected = travelled({
      order: { ...order, status: 'REJECTED', rejection: { reason: 'OUT_OF_STOCK' } },
      records: [recordOn('order.created'), recordOn('inventory.rejected')],
    });
    expect(summary(rejected)).toContain('reserveInventory rejected');
    expect(summary(rejected)).toContain('settleOrder rejected');
  });

  it('when reserving failed, carry the dead letter', () => {
    const failed = travelled({ deadLetters: [letter()] });
    expect(summary(failed)).toEqual(['createOrder done', 'reserveInventory failed']);
    expect(stepsOf(failed)[1]?.deadLetters).toHaveLength(1);
  });

  it('when a redrive succeeded, say done and keep the dead letter in sight', () => {
    const redriven = travelled({
      order: { ...order, status: 'CONFIRMED' },
      records: [recordOn('order.created'), recordOn('inventory.reserved')],
      deadLetters: [letter({ status: 'REDRIVEN' })],
    });
    expect(stepsOf(redriven)[1]).toMatchObject({ outcome: 'done', deadLetters: [{ status: 'REDRIVEN' }] });
  });

  it('when notifying failed, name the function that failed', () => {
    const failed = travelled({
      order: { ...order, status: 'CONFIRMED' },
      deadLetters: [
        letter({
          originalTopic: 'inventory.reserved',
          consumerGroup: 'openorder-local-notify-inventory.reserved',
        }),
      ],
    });
    expect(summary(failed)).toContain('notify failed');
  });

  it('when the records were deleted long ago, are still known from the database', () => {
    const old = travelled({ order: { ...order, status: 'CONFIRMED' }, records: [] });
    expect(summary(old)).toEqual(['createOrder done', 'reserveInventory done', 'settleOrder done']);
  });

  it('when a reserved order was cancelled, continue to the release', () => {
    const cancelled = travelled({
      order: { ...order, status: 'CANCELLED' },
      records: ['order.created', 'inventory.reserved', 'order.cancelled', 'inventory.released'].map((topic) =>
        recordOn(topic),
      ),
    });
    expect(summary(cancelled)).toEqual([
      'createOrder done',
      'reserveInventory done',
      'cancelOrder done',
      'releaseInventory done',
    ]);
  });
});

describe('what an order waits for', () => {
  const trigger: TriggerFlow = {
    function: 'reserveInventory',
    topic: 'order.created',
    consumerGroup: 'group',
    ratePerSecond: 1,
    lagRecords: 50,
    lagSeconds: 2,
    deadLetters: 0,
    partitions: [{ partition: 1, committed: 60, end: 110 }],
  };

  it('when its record is queued, is the trigger, with the number of records ahead', () => {
    expect(waitingOf(travelled(), [trigger])).toEqual({
      for: 'trigger',
      function: 'reserveInventory',
      partition: 1,
      ahead: 40,
    });
  });

  it('when Kafka does not say how far the trigger is, is the trigger, and the number is unknown', () => {
    const unknown = { ...trigger, partitions: null };
    expect(waitingOf(travelled(), [unknown])).toMatchObject({ for: 'trigger', ahead: null });
  });

  it('when Kafka has no record of it yet, is the outbox', () => {
    expect(waitingOf(travelled({ records: [] }), [trigger])).toEqual({ for: 'outbox' });
  });

  it('when it was dead-lettered, is a decision about the dead letter', () => {
    expect(waitingOf(travelled({ deadLetters: [letter()] }), [trigger])).toMatchObject({ for: 'decision' });
  });

  it('when its dead letter was redriven, is the trigger again', () => {
    const redriven = travelled({ deadLetters: [letter({ status: 'REDRIVEN' })] });
    expect(waitingOf(redriven, [trigger])).toMatchObject({ for: 'trigger' });
  });

  it('when it has been decided, is nothing', () => {
    expect(waitingOf(travelled({ order: { ...order, status: 'CONFIRMED' } }), [trigger])).toBeUndefined();
  });
});

describe('what a waiting order waits for, when the topics say nothing', () => {
  it.each([
    ['are read and do not have it', 'read', { for: 'outbox' }],
    ['cannot be read', 'unreachable', { for: 'kafka' }],
    ['have not been read yet', 'unread', undefined],
  ] as const)('when the topics %s, is said accordingly', (_, topics, expected) => {
    expect(waitingOf(travelled({ records: [], topics }), [])).toEqual(expected);
  });
});

describe('the searches for records', () => {
  const topicsOf = (changes: Partial<Travelled>) => searchesOf(travelled(changes)).map(({ topic }) => topic);

  it('when an order is pending, are on the topics it can have reached', () => {
    expect(topicsOf({})).toEqual(['order.created']);
    expect(topicsOf({ deadLetters: [letter({ status: 'REDRIVEN' })] })).toEqual([
      'order.created',
      'inventory.reserved',
      'inventory.rejected',
    ]);
  });

  it('when the decision came an hour after the order, looks for it where it was made', () => {
    const confirmed = { ...order, status: 'CONFIRMED' as const };
    const reservation = { status: 'RESERVED' as const, decidedAt: '2026-11-22T11:00:00.000Z' };
    expect(searchesOf(travelled({ order: confirmed, reservation }))).toEqual([
      { topic: 'order.created', from: '2026-11-22T09:59:59.000Z', limit: 1 },
      { topic: 'inventory.reserved', from: '2026-11-22T10:59:59.000Z', limit: 1 },
    ]);
  });

  it('when the moment of the decision is not known yet, waits for it', () => {
    expect(topicsOf({ order: { ...order, status: 'REJECTED' } })).toEqual(['order.created']);
  });
});
