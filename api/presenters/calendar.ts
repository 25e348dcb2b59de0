import ical, { ICalCalendarMethod, ICalEventStatus } from 'ical-generator';
import type { CalendarVisit } from '../../db/links';
import type { Instant } from '../../domain/time';

/** A visit as calendars want it. */
export type CalendarEntry = {
  id: string;
  /** Rises with every change, so that a calendar knows which of two files is newer. */
  version: number;
  changedAt: Instant;
  startsAt: Instant;
  endsAt: Instant;
  cancelled: boolean;
  summary: string;
  place: string;
  description: string | null;
  url: string | null;
};

export type CalendarFile = { name: string; entries: CalendarEntry[] };

/** How often a subscribed calendar should look again. */
const REFRESH_S = 3600;

/** An iCalendar file (RFC 5545). The same facts give the same bytes: no time of making enters it. All times are UTC, so no zone has to be described. */
export function toIcs({ name, entries }: CalendarFile): string {
  const calendar = ical({
    name: lineText(name),
    method: ICalCalendarMethod.PUBLISH,
    prodId: { company: 'Usher', product: 'Visits' },
    ttl: REFRESH_S,
  });
  for (const entry of entries) {
    calendar.createEvent({
      id: entry.id,
      sequence: entry.version,
      stamp: entry.changedAt,
      lastModified: entry.changedAt,
      start: entry.startsAt,
      end: entry.endsAt,
      status: entry.cancelled ? ICalEventStatus.CANCELLED : ICalEventStatus.CONFIRMED,
      summary: entry.summary,
      location: entry.place,
      description: entry.description,
      url: entry.url,
    });
  }
  return calendar.toString();
}

/** The library escapes every text but the calendar's name: a line break in it would begin a property of somebody's choice. */
const lineText = (text: string): string => text.replace(/\s+/g, ' ').replace(/[\\;,]/g, '\\$&');

/** Google's form for a new entry, filled in. The visit's own link stays out of it: an address is not the place for a secret. */
export function googleCalendarUrl({ summary, startsAt, endsAt, place }: CalendarEntry): string {
  const basic = (at: Instant): string => at.replace(/[-:]|\.\d{3}/g, '');
  const query = new URLSearchParams({
    action: 'TEMPLATE',
    text: summary,
    dates: `${basic(startsAt)}/${basic(endsAt)}`,
    location: place,
  });
  return `https://calendar.google.com/calendar/render?${query.toString()}`;
}

export const venueOf = ({ locationName, address }: { locationName: string; address: string | null }): string =>
  address === null ? locationName : `${locationName}, ${address}`;

/** A visit as it stands in a staff member's calendar, which others may see over their shoulder: first name and initial. */
export const staffEntry = (visit: CalendarVisit): CalendarEntry => ({
  id: visit.id,
  version: visit.version,
  changedAt: visit.updatedAt,
  startsAt: visit.startsAt,
  endsAt: visit.endsAt,
  cancelled: false,
  summary: `${visit.serviceName}: ${shortName(visit.contactName)}`,
  place: venueOf(visit),
  description: null,
  url: null,
});

/** "Marta R." of Marta Rivera López. */
function shortName(name: string): string {
  const [first = '', ...rest] = name.trim().split(/\s+/);
  const initial = Array.from(rest[0] ?? '')[0];
  return initial === undefined ? first : `${first} ${initial.toUpperCase()}.`;
}
