import { jest } from '@jest/globals';
import { logFailure, logger } from './logger.ts';

describe('logging a failure', () => {
  it('when it comes from PostgreSQL, leaves out what its message quotes, from the stack as well', () => {
    const log = jest.spyOn(logger, 'error').mockReturnValue();
    const cause = Object.assign(new Error('invalid input: "ada@example.com"'), {
      code: '22P02',
      routine: 'in',
    });
    logFailure('request failed', new Error('refused', { cause }));
    const logged = JSON.stringify(log.mock.calls);
    expect(logged).not.toContain('ada@example.com');
    expect(logged).toContain('22P02');
    expect(logged).toContain('refused');
    log.mockRestore();
  });
});
