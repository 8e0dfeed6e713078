import fc from 'fast-check';
import { outgoing } from '../../test/support/outgoing.ts';
import { messageIdOf } from './channels/channel.ts';
import { messageFor } from './message.ts';
import type { Language, Notice } from './notice.ts';
import { escapeHtml, htmlOf } from './message-page.ts';

const order = {
  orderId: 12_345,
  userId: 42,
  items: [{ sku: 'ABC-001', qty: 2 }],
  at: '2026-11-22T10:00:00.000Z',
};
const shortages = [
  { sku: 'ABC-001', requested: 2, available: 1 },
  { sku: 'ABC-002', requested: 12_000, available: 0 },
];
const reserved: Notice = { kind: 'reserved', ...order };
const outOfStock: Notice = { kind: 'rejected', ...order, reason: 'OUT_OF_STOCK', shortages };
const unknownSku: Notice = { kind: 'rejected', ...order, reason: 'UNKNOWN_SKU', shortages: [] };
const released: Notice = { kind: 'released', ...order };

describe('what a customer reads', () => {
  it.each<[Language, Notice, string, RegExp]>([
    ['en', reserved, 'Your order 12345 is confirmed', /ABC-001 {2}× 2/],
    [
      'en',
      outOfStock,
      'We could not fill your order 12345',
      /ABC-001 {2}1 left \(2 ordered\)\n {2}ABC-002 {2}none left \(12,000 ordered\)/,
    ],
    ['en', unknownSku, 'We could not fill your order 12345', /not in our range[^]*ABC-001/],
    ['en', released, 'Your order 12345 is cancelled', /As you asked[^]*ABC-001/],
    ['ko', reserved, '주문 12345번이 확정되었습니다', /ABC-001 {2}2개/],
    [
      'ko',
      outOfStock,
      '주문 12345번을 처리하지 못했습니다',
      /ABC-001 {2}재고 1개 \(주문 2개\)\n {2}ABC-002 {2}품절 \(주문 12,000개\)/,
    ],
    ['ko', unknownSku, '주문 12345번을 처리하지 못했습니다', /판매하지 않는 상품[^]*ABC-001/],
    ['ko', released, '주문 12345번이 취소되었습니다', /취소했습니다[^]*ABC-001/],
  ])(
    'when the language is %s, %j appears under its subject, with the items',
    (language, notice, subject, text) => {
      const message = messageFor(notice, language);
      expect(message.subject).toBe(subject);
      expect(message.text).toMatch(text);
      expect(message.html).toContain(`<html lang="${language}">`);
    },
  );

  it.each<Language>(['en', 'ko'])(
    'when the language is %s, the page says all that the text says',
    (language) => {
      const { text, html } = messageFor(outOfStock, language);
      for (const line of text.split('\n\n').filter((part) => !part.startsWith('  ')))
        expect(html).toContain(line.trim());
      for (const { sku } of shortages) expect(html).toContain(sku);
    },
  );

  it.each<[Language, string]>([
    ['en', 'Order 12345 could not be filled: 1 left of ABC-001, 0 left of ABC-002.'],
    ['ko', '재고가 부족하여 주문 12345번을 처리하지 못했습니다. ABC-001 재고 1개, ABC-002 재고 0개'],
  ])(
    'when there is little room (%s), one sentence says which SKU is short and how many are left',
    (language, brief) => {
      expect(messageFor(outOfStock, language).brief).toBe(brief);
    },
  );

  it.each<Language>(['en', 'ko'])(
    'when a hundred SKUs with long names are short (%s), the sentence stays short',
    (language) => {
      const many = Array.from({ length: 100 }, () => ({ sku: 'X'.repeat(64), requested: 9, available: 1 }));
      expect(messageFor({ ...outOfStock, shortages: many }, language).brief.length).toBeLessThan(320);
    },
  );

  it.each<[Language, string]>([
    ['en', 'Order 12345 could not be filled: not enough in stock.'],
    ['ko', '재고가 부족하여 주문 12345번을 처리하지 못했습니다.'],
  ])('when it is not known what is short (%s), the sentence does without', (language, brief) => {
    expect(messageFor({ ...outOfStock, shortages: [] }, language).brief).toBe(brief);
  });
});

describe('a page', () => {
  it('when a text holds markup, shows it as text wherever it stands', () => {
    const evil = `"><img src=x onerror='alert(1)'>&amp;`;
    const letter = {
      subject: evil,
      reference: evil,
      heading: evil,
      lead: evil,
      lines: [{ sku: evil, detail: evil, note: evil }],
      closing: evil,
      brief: evil,
    };
    const page = htmlOf(letter, 'reserved', 'en');
    expect(page).not.toContain('<img');
    expect(page.split(escapeHtml(evil))).toHaveLength(9);
  });

  it('when any text is escaped, no markup is left and nothing is lost', () => {
    const unescaped = (text: string) =>
      text
        .replaceAll('&lt;', '<')
        .replaceAll('&gt;', '>')
        .replaceAll('&quot;', '"')
        .replaceAll('&#39;', "'")
        .replaceAll('&amp;', '&');
    fc.assert(
      fc.property(fc.string({ unit: fc.constantFrom('&', '<', '>', '"', "'", 'a', ';', '가') }), (text) => {
        expect(escapeHtml(text)).not.toMatch(/[<>"']/);
        expect(unescaped(escapeHtml(text))).toBe(text);
      }),
    );
  });
});

describe('the id of a message', () => {
  it('when order, kind and channel are the same, is the same, whatever else differs', () => {
    const first = outgoing('email', 'a@example.com', { notice: reserved });
    const again = outgoing('email', 'b@example.com', {
      notice: { ...reserved, at: 'later' },
      language: 'ko',
    });
    expect(messageIdOf(first)).toBe('order-12345-reserved-email');
    expect(messageIdOf(again)).toBe(messageIdOf(first));
  });

  it('when order, kind or channel differs, differs', () => {
    const ids = [
      outgoing('email', 'x', { notice: reserved }),
      outgoing('sms', 'x', { notice: reserved }),
      outgoing('email', 'x', { notice: released }),
      outgoing('email', 'x', { notice: { ...reserved, orderId: 1 } }),
    ].map(messageIdOf);
    expect(new Set(ids).size).toBe(4);
  });
});
