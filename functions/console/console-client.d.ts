/** Made by bundler/console-client.ts. */
declare module 'console:client' {
  /** A file for the browser, compressed in two ways, each in base64. Its name changes with its content. */
  export interface Asset {
    readonly name: string;
    readonly brotli: string;
    readonly gzip: string;
  }
  export const script: Asset;
  export const style: Asset;
  /** Scripts that hold the texts of a language each. */
  export const dictionaries: readonly Asset[];
}
