/** Environment variables that tell the functions whom to let in. */
export type CallersEnvironment = Readonly<Record<string, string>>;

/**
 * Lets every caller do everything, in the functions that run on this laptop. It is set at run time and is in
 * no file that is deployed, so a packaged function is closed. A configured issuer takes precedence.
 */
export const openLaptop = { AUTH_OPEN: 'laptop' } as const satisfies CallersEnvironment;

/** The audience of the local issuer's tokens, and the console's client id. */
export const audience = 'openorder';
export const consoleClientId = 'openorder-console';

/** The local issuer's URL, which is also its name. */
export function issuerUrl(port: number): string {
  return `http://localhost:${port}`;
}

/** Accepts tokens of the local issuer. */
export function localIssuer(issuer: string): CallersEnvironment {
  return { AUTH_ISSUER: issuer, AUTH_AUDIENCE: audience, AUTH_CLIENT_ID: consoleClientId };
}

/**
 * What the stack tells the functions about callers: nothing where serverless.yml or a parameter names an
 * issuer.
 */
export function unlessNamed(
  environment: Readonly<Record<string, unknown>> | undefined,
  callers: CallersEnvironment,
): CallersEnvironment {
  return environment?.['AUTH_ISSUER'] ? {} : callers;
}
