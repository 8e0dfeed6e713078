import { setting } from '../../lib/config.ts';

/** What the page must know of the stage that it shows; none of it is secret. */
export interface ConsoleSettings {
  readonly stage: string;
  /** The SKU whose orders fail, where the stage has one. */
  readonly faultSku?: string;
  /** Whether mails can be looked at here. */
  readonly hasInbox: boolean;
  /** Whom to sign in with; missing where nobody needs to. */
  readonly signIn?: {
    readonly issuer: string;
    readonly clientId: string;
    readonly scopePrefix: string;
    /** The claim that holds a customer's number. */
    readonly userClaim: string;
  };
}

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
