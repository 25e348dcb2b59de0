import type { Route } from '../route';
import { apiKeyRoutes } from './api-keys';
import { statusRoutes } from './appointment-status';
import { appointmentRoutes } from './appointments';
import { availabilityRoutes } from './availability';
import { businessRoutes } from './businesses';
import { calendarLinkRoutes } from './calendar-links';
import { consentRoutes } from './consents';
import { contactImportRoutes } from './contact-import';
import { contactRoutes } from './contacts';
import { conversationRoutes } from './conversations';
import { holdRoutes } from './holds';
import { locationRoutes } from './locations';
import { meRoutes } from './me';
import { messageRoutes } from './messages';
import { quarantineRoutes } from './quarantine';
import { reminderRuleRoutes } from './reminder-rules';
import { resourceRoutes } from './resources';
import { senderRoutes } from './senders';
import { serviceRoutes } from './services';
import { sessionRoutes } from './sessions';
import { slotRoutes } from './slots';
import { staffRoutes } from './staff';

/** Every route below /api/v1, in the order of the docs page. Serving, OpenAPI and the contract, leak and bad-input tests walk this list. */
export const ROUTES: Route[] = [
  ...sessionRoutes,
  ...meRoutes,
  ...apiKeyRoutes,
  ...businessRoutes,
  ...senderRoutes,
  ...locationRoutes,
  ...staffRoutes,
  ...resourceRoutes,
  ...serviceRoutes,
  ...availabilityRoutes,
  ...contactImportRoutes,
  ...contactRoutes,
  ...consentRoutes,
  ...slotRoutes,
  ...holdRoutes,
  ...appointmentRoutes,
  ...statusRoutes,
  ...calendarLinkRoutes,
  ...messageRoutes,
  ...conversationRoutes,
  ...quarantineRoutes,
  ...reminderRuleRoutes,
];
