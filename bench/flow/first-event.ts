import { order } from './load.ts';

/** What invokes a function, as configured in serverless.yml. */
export interface Trigger {
  readonly httpApi?: string | { readonly method: string; readonly path: string };
  readonly kafka?: { readonly topic: string; readonly consumerGroupId: string };
}

/**
 * An event that a function can answer without any existing data: a request to its route, a call from its
 * Kafka trigger without records, or a scheduled one.
 */
export function firstEvent(triggers: readonly Trigger[] = []): object {
  const { httpApi, kafka } = triggers[0] ?? {};
  if (httpApi !== undefined) return requestTo(httpApi);
  return kafka ? { eventSource: 'aws:kafka', records: {} } : {};
}

/** https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-develop-integrations-lambda.html */
function requestTo(httpApi: NonNullable<Trigger['httpApi']>): object {
  const route = typeof httpApi === 'string' ? httpApi : `${httpApi.method} ${httpApi.path}`;
  const [method, path = '/nowhere'] = route === '*' ? ['GET'] : route.split(' ');
  const names = [...path.matchAll(/\{(\w+)\+?\}/g)].map(([, name = '']) => name);
  const rawPath = path.replace(/\{\w+\+?\}/g, '1');
  return {
    version: '2.0',
    routeKey: route,
    rawPath,
    rawQueryString: '',
    headers: { 'content-type': 'application/json' },
    requestContext: { http: { method, path: rawPath }, requestId: 'bench' },
    pathParameters: Object.fromEntries(names.map((name) => [name, '1'])),
    body: JSON.stringify(order),
    isBase64Encoded: false,
  };
}
