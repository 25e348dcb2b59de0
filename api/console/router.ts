import type Router from '@koa/router';
import type { ApiDeps } from '../deps';
import { appointmentPages } from './appointment/router';
import { bookingPages } from './booking/router';
import { calendarPages } from './calendar/router';
import { assetRoutes } from './shell/assets';
import { morePage } from './shell/more-page';
import { consolePages } from './shell/pages';
import { signInPages } from './sign-in/router';
import { todayPages } from './today/router';

/** The console for the business. Each room adds its pages and forms. */
export function consoleRouter(deps: ApiDeps): Router {
  const pages = consolePages(deps);
  assetRoutes(pages.router);
  signInPages(pages, deps);
  morePage(pages);
  todayPages(pages);
  calendarPages(pages);
  bookingPages(pages);
  appointmentPages(pages);
  return pages.router;
}
