/** A route as `GET /path`, or with more to say as an object. */
export type HttpApiEvent = string | { readonly method: string; readonly path: string };

interface FunctionEvent {
  readonly kafka?: { readonly topic: string; readonly consumerGroupId: string };
  readonly httpApi?: HttpApiEvent;
}

/** What the plugins read of the framework's service, its variables resolved. */
export interface Service {
  readonly functions: Readonly<Record<string, { readonly events?: readonly FunctionEvent[] }>>;
}
