import { combinedHeaders } from './combined-headers.ts';

describe('headers of one name', () => {
  it('when they occur several times, in upper or lower case, then they are combined with commas', () => {
    const received = [
      'Host',
      'localhost',
      'Idempotency-Key',
      'a',
      'idempotency-key',
      'b',
      'IDEMPOTENCY-KEY',
      'b',
    ];
    expect(combinedHeaders(received)).toEqual(['Host', 'localhost', 'Idempotency-Key', 'a,b,b']);
  });

  it('when each occurs once, then they stay as they are', () => {
    expect(combinedHeaders(['Host', 'localhost', 'Accept', '*/*'])).toEqual([
      'Host',
      'localhost',
      'Accept',
      '*/*',
    ]);
    expect(combinedHeaders([])).toEqual([]);
  });
});
