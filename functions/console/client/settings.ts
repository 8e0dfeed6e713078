/** What the console must know of the stage that it shows; the function `console` answers it. */
export interface Settings {
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

let settings: Settings = { stage: 'local', hasInbox: false };

/** The settings of this stage, which are there before anything is rendered. */
export function stageSettings(): Settings {
  return settings;
}

/** @throws Error when the console's function does not answer with them */
export async function loadSettings(): Promise<void> {
  const response = await fetch('/console/settings.json');
  if (!response.ok) throw new Error(`settings.json: ${response.status}`);
  settings = (await response.json()) as Settings;
}
