import { documentRoutes } from '../functions/api-documents/routes.ts';
import { consoleRoutes } from '../functions/console/routes.ts';
import { deadLetterRoutes } from '../functions/dead-letter/routes.ts';
import { inventoryRoutes } from '../functions/inventory/routes.ts';
import { notificationRoutes } from '../functions/notification/routes.ts';
import { orderRoutes } from '../functions/order/routes.ts';
import packageJson from '../package.json' with { type: 'json' };
import { asyncApiDocument } from './asyncapi.ts';
import { openApiDocument } from './openapi.ts';
import type { ServiceMap } from './service-map.ts';
import { describedTopics } from './topics.ts';

const routes = {
  ...orderRoutes,
  ...inventoryRoutes,
  ...notificationRoutes,
  ...deadLetterRoutes,
  ...consoleRoutes,
  ...documentRoutes,
};

/** Both documents by the name of their file in docs/. */
export function documentsOf({ routes: mapped, triggers }: ServiceMap): Readonly<Record<string, object>> {
  return {
    'openapi.json': openApiDocument(mapped, routes, packageJson.version),
    'asyncapi.json': asyncApiDocument(describedTopics, triggers, packageJson.version),
  };
}
