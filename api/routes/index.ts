import type { Route } from '../route';
import { statusRoutes } from './appointment-status';
import { appointmentRoutes } from './appointments';
import { holdRoutes } from './holds';
import { meRoutes } from './me';
import { slotRoutes } from './slots';

/** Every route below /api/v1, in the order of the docs page. Serving, OpenAPI and the contract, leak and bad-input tests walk this list. */
export const ROUTES: Route[] = [...meRoutes, ...slotRoutes, ...holdRoutes, ...appointmentRoutes, ...statusRoutes];
