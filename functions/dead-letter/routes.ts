import type { Routes } from '../../contracts/route.ts';
import { routesOfDeadLetters } from './routes/dead-letters.ts';
import { routesOfFlow } from './routes/flow.ts';
import { routesOfOperations } from './routes/operations.ts';

/** The dead-letter service's routes, as the OpenAPI document describes them. */
export const deadLetterRoutes: Routes = { ...routesOfDeadLetters, ...routesOfOperations, ...routesOfFlow };
