import type { Locale } from '../message';
import type { RecipientPlace } from '../recipient-place';
import type { Instant } from '../time';
import type { MessageVars } from './vars';
import { formatWhen } from './when';

/** The links of a visit's page and calendar entry. Opening one changes nothing. */
export type VisitLinks = { page: string; calendar: string };

/** What is known of a visit, as a template sees it. */
export type VisitToTell = {
  appointment: { startsAt: Instant; previousStartsAt: Instant | null; zone: string; status: string; staffId: string };
  business: { businessName: string; businessPhone: string | null };
  contact: { contactName: string };
  service: { serviceName: string };
  location: { locationName: string; address: string | null };
  staff: { id: string; name: string }[];
};

type Subject = {
  facts: VisitToTell;
  /** To the contact, not to a member of staff: those get no links, and the contact's whole name. */
  forContact: boolean;
  locale: Locale;
  place: RecipientPlace | null;
  links: VisitLinks;
  firstMessage: boolean;
};

/** What the templates may say about a visit. */
export function visitVars({ facts, forContact, locale, place, links, firstMessage }: Subject): MessageVars {
  const { appointment, business, contact, service, location, staff } = facts;
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

/** The zone to write times in, when one is known for sure: several possible ones name none. */
export const zoneOf = (place: RecipientPlace | null): string | null => (place?.zones.length === 1 ? (place.zones[0] ?? null) : null);

export const firstName = (name: string): string => name.trim().split(/\s+/)[0] ?? '';

/** A secret made from the visit's id opens its page: the same each time. */
export const linksOf = (publicUrl: string, token: string): VisitLinks => ({
  page: `${publicUrl}/v/${token}`,
  calendar: `${publicUrl}/v/${token}.ics`,
});
