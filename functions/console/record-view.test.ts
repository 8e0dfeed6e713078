import { recordView } from './record-view.ts';

const record = {
  topic: 'order.created',
  partition: 1,
  offset: 7,
  timestamp: 1_795_341_600_000,
  timestampType: 'CREATE_TIME',
  key: Buffer.from('1'),
  value: Buffer.from('{"orderId":1}'),
  headers: [{ name: 'ce_id', value: Buffer.from('a') }],
};

describe('a record as the API shows it', () => {
  it('when everything is text, is shown as text', () => {
    expect(recordView(record, 100)).toEqual({
      ...record,
      timestamp: new Date('2026-11-22T10:00:00.000Z'),
      key: { text: '1' },
      value: { text: '{"orderId":1}', bytes: 13, cut: false },
      headers: [{ name: 'ce_id', text: 'a' }],
    });
  });

  it('when the value is longer than the limit, is cut between characters and says how long it was', () => {
    const value = Buffer.from('주문주문');
    expect(recordView({ ...record, value }, 7).value).toEqual({ text: '주문', bytes: 12, cut: true });
    expect(recordView({ ...record, value }, 6).value).toEqual({ text: '주문', bytes: 12, cut: true });
    expect(recordView({ ...record, value }, 5).value).toEqual({ text: '주', bytes: 12, cut: true });
  });

  it('when the value is not text, is shown in base64', () => {
    expect(recordView({ ...record, value: Buffer.from([0xff, 0xff, 0xff]) }, 2).value).toEqual({
      base64: Buffer.from([0xff, 0xff]).toString('base64'),
      bytes: 3,
      cut: true,
    });
  });

  it('when there is neither key nor value, shows null', () => {
    expect(recordView({ ...record, key: null, value: null }, 10)).toMatchObject({ key: null, value: null });
  });

  it.each([-1, Number.MAX_SAFE_INTEGER])('when the timestamp is %d, the moment is unknown', (timestamp) => {
    expect(recordView({ ...record, timestamp }, 10).timestamp).toBeNull();
  });
});
