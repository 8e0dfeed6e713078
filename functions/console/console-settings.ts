/** What the page must know about the stage that it shows; none of it is secret. */
export interface ConsoleSettings {
  readonly stage: string;
  /** The SKU whose orders fail, if the stage has one. */
  readonly faultSku?: string;
  /** Whether mails can be viewed here. */
  readonly hasInbox: boolean;
  /** The issuer to sign in with; missing if sign-in is not needed. */
  readonly signIn?: {
    readonly issuer: string;
    readonly clientId: string;
    readonly scopePrefix: string;
    /** The claim that holds a customer's number. */
    readonly userClaim: string;
  };
}
