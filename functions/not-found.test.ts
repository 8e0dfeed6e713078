import { routesOf } from '../bundler/deployed-routes.ts';
import { environment } from '../test/support/environment.ts';

environment();
const { refuseUnrouted } = await import('./not-found.ts');

const routes = routesOf({
  functions: {
    listOrders: { events: [{ httpApi: 'GET /api/orders' }] },
    createOrder: { events: [{ httpApi: { method: 'post', path: '/api/orders' } }] },
    getOrder: { events: [{ httpApi: 'GET /api/orders/{orderId}' }] },
    showConsole: { events: [{ httpApi: 'GET /console/{path+}' }] },
    notFound: { events: [{ httpApi: '*' }] },
    relayOutbox: { events: [{}] },
    getDeadLetter: {},
  },
});

describe('a request that no function handles', () => {
  it.each([
    ['/api/orders', 'GET, POST'],
    ['/api/orders/7', 'GET'],
    ['/api/orders/a%2Fb', 'GET'],
    ['/console/orders/7', 'GET'],
  ])('when its path %s is known, answers 405 with the supported methods: %s', async (rawPath, allow) => {
    await expect(refuseUnrouted(routes)({ rawPath })).rejects.toMatchObject({
      status: 405,
      type: 'urn:openorder:problem:method-not-allowed',
      headers: { allow },
    });
  });

  it.each(['/', '/api/order', '/api/orders/', '/api/orders/7/items', '/xapi/orders', '/console/'])(
    'when its path %s is unknown, answers 404',
    async (rawPath) => {
      await expect(refuseUnrouted(routes)({ rawPath })).rejects.toMatchObject({ status: 404 });
    },
  );
});
