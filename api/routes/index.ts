import type { Route } from '../route';
import { apiKeyRoutes } from './api-keys';
import { statusRoutes } from './appointment-status';
import { appointmentRoutes } from './appointments';
import { availabilityRoutes } from './availability';
import { businessRoutes } from './businesses';
import { cadenceRoutes } from './cadences';
import { calendarLinkRoutes } from './calendar-links';
import { complianceRoutes } from './compliance';
import { consentRoutes } from './consents';
import { channelRoutes } from './channels';
import { contactImportRoutes } from './contact-import';
import { contactMergeRoutes } from './contact-merge';
import { contactRoutes } from './contacts';
import { dncNumberRoutes } from './dnc-numbers';
import { conversationRoutes } from './conversations';
import { holdRoutes } from './holds';
import { leadStatusRoutes } from './lead-status';
import { locationRoutes } from './locations';
import { meRoutes } from './me';
import { messageRoutes } from './messages';
import { optOutRoutes } from './opt-outs';
import { permissionRoutes } from './permissions';
import { quarantineRoutes } from './quarantine';
import { reminderRuleRoutes } from './reminder-rules';
import { resourceRoutes } from './resources';
import { senderRoutes } from './senders';
import { sendingRoutes } from './sending';
import { serviceRoutes } from './services';
import { sessionRoutes } from './sessions';
import { slotRoutes } from './slots';
import { staffRoutes } from './staff';
import { whatsAppTemplateRoutes } from './whatsapp-templates';
import { templateTrialRoutes } from './template-trials';
import { templateRoutes } from './templates';
import { waitlistEntryRoutes } from './waitlist-entries';
import { waitlistOfferRoutes } from './waitlist-offers';
import { webhookEventRoutes } from './webhook-events';

/** Every route below /api/v1, in the order of the docs page. Serving, OpenAPI and the contract, leak and bad-input tests walk this list. */
export const ROUTES: Route[] = [
  ...sessionRoutes,
  ...meRoutes,
  ...apiKeyRoutes,
  ...businessRoutes,
  ...senderRoutes,
  ...complianceRoutes,
  ...dncNumberRoutes,
  ...locationRoutes,
  ...staffRoutes,
  ...resourceRoutes,
  ...serviceRoutes,
  ...availabilityRoutes,
  ...contactImportRoutes,
  ...contactRoutes,
  ...contactMergeRoutes,
  ...consentRoutes,
  ...optOutRoutes,
  ...permissionRoutes,
  ...slotRoutes,
  ...holdRoutes,
  ...appointmentRoutes,
  ...statusRoutes,
  ...waitlistEntryRoutes,
  ...waitlistOfferRoutes,
  ...cadenceRoutes,
  ...leadStatusRoutes,
  ...calendarLinkRoutes,
  ...messageRoutes,
  ...sendingRoutes,
  ...templateRoutes,
  ...templateTrialRoutes,
  ...conversationRoutes,
  ...quarantineRoutes,
  ...reminderRuleRoutes,
  ...channelRoutes,
  ...whatsAppTemplateRoutes,
  ...webhookEventRoutes,
];
