import { setting } from '../../lib/config.ts';
import type { ConsoleSettings } from './console-settings.ts';
import { discoveredOrigins } from './issuer-origins.ts';

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

/**
 * The origins that the page may call to sign people in: those of `AUTH_ORIGINS`, for a function whose network
 * does not reach the issuer, else what the issuer's discovery document names.
 * @throws ConfigurationError
 */
export function signInOrigins({ signIn }: ConsoleSettings): () => Promise<readonly string[]> {
  if (!signIn) return () => Promise.resolve([]);
  const given = setting('AUTH_ORIGINS');
  if (given === undefined) return discoveredOrigins(signIn.issuer);
  const all = [...new Set([new URL(signIn.issuer).origin, ...given])];
  return () => Promise.resolve(all);
}
