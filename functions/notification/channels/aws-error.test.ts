import { NotificationProviderUnavailableError, NotificationRefusedError } from '../errors.ts';
import { toNotificationError } from './aws-error.ts';

const names = { refused: ['BadAddress'], unavailable: ['AccountSuspended'] };
const error = (name: string, rest: object = {}) =>
  Object.assign(new Error('as the test wants it'), { name }, rest);

describe('what an AWS client throws', () => {
  it.each([
    [error('BadAddress'), NotificationRefusedError],
    [error('AccountSuspended'), NotificationProviderUnavailableError],
    [error('CredentialsProviderError'), NotificationProviderUnavailableError],
    [
      error('InvalidSignatureException', { $metadata: { httpStatusCode: 403 } }),
      NotificationProviderUnavailableError,
    ],
    [error('Error', { code: 'ECONNREFUSED' }), NotificationProviderUnavailableError],
    [error('Error', { code: 'ENOTFOUND' }), NotificationProviderUnavailableError],
  ])('when it is %s, becomes the error that says what it means, with its cause', (cause, type) => {
    const reported = toNotificationError('SES', cause, names);
    expect(reported).toBeInstanceOf(type);
    expect(reported).toMatchObject({ cause });
  });

  it.each([error('ThrottlingException'), error('InternalFailure'), 'a string', null])(
    'when it is %s, stays as it is',
    (cause) => {
      expect(toNotificationError('SES', cause, names)).toBe(cause);
    },
  );
});
