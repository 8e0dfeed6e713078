import { packEvent, unpackEvent } from './packed-event.js';

describe('an event on its way to a worker', () => {
  const event = {
    eventSource: 'SelfManagedKafka',
    records: { 'orders-0': [{ value: '"é😀\\\n', headers: [{ a: [-1] }] }] },
  };

  it('when it is packed, the worker gets what was meant', () => {
    const sent: unknown = JSON.parse(packEvent(JSON.stringify(event)));
    expect(sent).not.toEqual(event);
    expect(unpackEvent(sent)).toEqual(event);
  });

  it('when it would be over 6 MB packed, it goes as it is', () => {
    const large = JSON.stringify({ records: { 'orders-0': [{ value: '"'.repeat(2_500_000) }] } });
    expect(packEvent(large)).toBe(large);
  });

  it.each([[event], [{}], ['text'], [null], [undefined]])(
    'when %j comes from elsewhere, it stays as it is',
    (other) => {
      expect(unpackEvent(other)).toBe(other);
    },
  );
});
