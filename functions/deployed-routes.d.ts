/** Made by bundler/deployed-routes.ts. */
declare module 'deployed:routes' {
  /** A route of serverless.yml; `path` may hold parameters, such as `/api/orders/{orderId}`. */
  export interface Route {
    readonly method: string;
    readonly path: string;
  }
  export const routes: readonly Route[];
}
