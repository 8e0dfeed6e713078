/** Made by bundler/deployed-triggers.ts. */
declare module 'deployed:triggers' {
  /** A Kafka trigger of serverless.yml. */
  export interface Trigger {
    /** The function's key in serverless.yml. */
    readonly function: string;
    readonly topic: string;
    readonly consumerGroup: string;
  }
  export const triggers: readonly Trigger[];
}
