import type { LinkedVisit } from '../../../db/links';
import type { Locale } from '../../../domain/message';
import { venueOf, type CalendarEntry } from '../../presenters/calendar';
import { visitWords } from './words';

/** A visit as it stands in its contact's calendar. `url`: the visit's page, or null to keep it out. */
export function contactEntry(visit: LinkedVisit, { locale, url }: { locale: Locale; url: string | null }): CalendarEntry {
  const { entry, entryNote } = visitWords(locale);
  return {
    id: visit.id,
    version: visit.version,
    changedAt: visit.updatedAt,
    startsAt: visit.startsAt,
    endsAt: visit.endsAt,
    cancelled: visit.status === 'cancelled' || visit.status === 'expired',
    summary: entry(visit.serviceName, visit.businessName),
    place: venueOf(visit),
    description: url === null ? null : entryNote(url),
    url,
  };
}
