import type { Plugin } from 'esbuild';
import type { HttpApiEvent, Service } from './service.ts';
import { virtualModule } from './virtual-module.ts';

/** Lets a function import `deployed:routes`: every method and path of the API, as serverless.yml says. */
export function deployedRoutes(service: Service): Plugin {
  return virtualModule('deployed:routes', () => ({
    code: `export const routes = ${JSON.stringify(routesOf(service))};`,
  }));
}

/** The routes of a service; `*`, which catches the rest, is none. */
export function routesOf({ functions }: Service) {
  return Object.values(functions).flatMap(({ events = [] }) =>
    events.flatMap(({ httpApi }) => routeOf(httpApi)),
  );
}

/** https://www.serverless.com/framework/docs/providers/aws/events/http-api */
function routeOf(httpApi: HttpApiEvent | undefined) {
  const [method, path] = typeof httpApi === 'string' ? httpApi.split(' ') : [httpApi?.method, httpApi?.path];
  return method && path ? [{ method: method.toUpperCase(), path }] : [];
}
