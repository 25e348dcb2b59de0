import type { MessageRow } from '../db/messages';
import type { VisitFacts } from '../db/plan-facts';
import type { Locale } from '../domain/message';
import type { RecipientPlace } from '../domain/recipient-place';
import type { MessageVars } from '../domain/templates/vars';
import { formatWhen } from '../domain/templates/when';

/** The links of a visit's page and calendar entry. Opening one changes nothing. */
export type VisitLinks = { page: string; calendar: string };

type Subject = { facts: VisitFacts; message: MessageRow; place: RecipientPlace | null; links: VisitLinks; firstMessage: boolean };

/** What the templates may say about a visit to its contact, or to a member of staff (no links, the contact's name instead). */
export function visitVars({ facts, message, place, links, firstMessage }: Subject): MessageVars {
  const { appointment, business, contact, service, location, staff } = facts;
  const forContact = message.contactId !== null;
  const locale = localeOf(facts, message);
  const whenOf = (startsAt: string): string => formatWhen({ startsAt, venueZone: appointment.zone, recipientZone: zoneOf(place), locale });
  const when = whenOf(appointment.startsAt);
  const oldWhen = appointment.previousStartsAt === null ? null : whenOf(appointment.previousStartsAt);
  return {
    businessName: business.businessName,
    contactName: forContact ? firstName(contact.contactName) : contact.contactName,
    staffName: staff.find(({ id }) => id === appointment.staffId)?.name ?? null,
    serviceName: service.serviceName,
    locationName: location.locationName,
    address: location.address,
    phone: business.businessPhone,
    when,
    oldWhen: oldWhen === when ? null : oldWhen, // moved away and back, or only the venue's zone changed
    ...(forContact && { link: links.page, icsLink: links.calendar, askConfirm: appointment.status === 'booked', firstMessage }),
  };
}

/** The receiver's language. */
export function localeOf({ contact, staff }: Pick<VisitFacts, 'contact' | 'staff'>, { staffId }: Pick<MessageRow, 'staffId'>): Locale {
  return staffId === null ? contact.contactLocale : (staff.find(({ id }) => id === staffId)?.locale ?? 'en');
}

/** The zone to write times in, when one is known for sure: several possible ones name none. */
export const zoneOf = (place: RecipientPlace | null): string | null => (place?.zones.length === 1 ? (place.zones[0] ?? null) : null);

export const firstName = (name: string): string => name.trim().split(/\s+/)[0] ?? '';
