/** Environment variables that tell the functions whom to let in. */
export type CallersEnvironment = Readonly<Record<string, string>>;

/**
 * Lets every caller do everything, in the functions that run on this laptop. It is set while they run and
 * stands in no file that is deployed, so a packaged function is closed. An issuer that is configured goes
 * before it.
 */
export const openLaptop = { AUTH_OPEN: 'laptop' } as const satisfies CallersEnvironment;

/** What tokens of the local issuer are meant for, and the client that the console is. */
export const audience = 'openorder';
export const consoleClientId = 'openorder-console';

/** Where the local issuer is, which is also its name. */
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
