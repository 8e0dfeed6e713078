import { setting } from '../../lib/config.ts';
import type { ConsoleSettings } from './console-settings.ts';

/** @throws ConfigurationError */
export function readConsoleSettings(): ConsoleSettings {
  const issuer = setting('AUTH_ISSUER');
  const clientId = setting('AUTH_CLIENT_ID');
  const faultSku = setting('FAULT_SKU');
  const isSignInKnown = issuer !== undefined && clientId !== undefined;
  return {
    stage: setting('STAGE'),
    hasInbox: setting('MAIL_URL') !== undefined,
    ...(faultSku !== undefined && { faultSku }),
    ...(isSignInKnown && {
      signIn: {
        issuer,
        clientId,
        scopePrefix: setting('AUTH_SCOPE_PREFIX') ?? '',
        userClaim: setting('AUTH_USER_CLAIM') ?? 'sub',
      },
    }),
  };
}
