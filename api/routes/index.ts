import type { Route } from '../route';
import { meRoutes } from './me';

/** Every route below /api/v1, in the order of the docs page. Serving, OpenAPI and the contract, leak and bad-input tests walk this list. */
export const ROUTES: Route[] = [...meRoutes];
