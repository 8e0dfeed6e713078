/** Made by bundler/deployed-migrations.ts. */
declare module 'deployed:migrations' {
  /** A step of a service's schema; `file` is `<service>/<step>.sql`. */
  export interface Step {
    readonly file: string;
    readonly sql: string;
  }
  export const steps: readonly Step[];
}
