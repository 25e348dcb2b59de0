import { findContactFacts, findVisitFacts } from '../db/plan-facts';
import type { Tx } from '../db/tenancy';
import type { Locale } from '../domain/message';
import { recipientPlace } from '../domain/recipient-place';
import type { Frame } from '../domain/templates/template';
import { EXAMPLE } from '../domain/templates/variables';
import type { MessageVars } from '../domain/templates/vars';
import { firstName, linksOf, visitVars } from '../domain/templates/visit-vars';
import type { ApiDeps } from './deps';
import { invalidField } from './problem';

/** Whom a template is tried with: a visit of theirs, a contact with a visit made up for it, or nobody real. */
export type TriedWith = { contactId?: string | undefined; appointmentId?: string | undefined };

/** What a template would say, in either language, about whom it is tried with. Throws RowMissing. */
export async function varsOf(
  tx: Tx,
  { hash, settings }: ApiDeps,
  { frame, ...tried }: TriedWith & { frame: Frame },
): Promise<(locale: Locale) => MessageVars> {
  const { contactId, appointmentId } = tried;
  if (appointmentId !== undefined) {
    const facts = await findVisitFacts(tx, appointmentId);
    if (contactId !== undefined && facts.appointment.contactId !== contactId)
      throw invalidField('appointment_id', 'not a visit of this contact');
    const { contactZone: zone, contactPostalCode: postalCode, phone } = facts.contact;
    const place = recipientPlace({ zone, postalCode, phone });
    const links = linksOf(settings.publicUrl, hash.linkToken('appointment', appointmentId));
    const forContact = frame.messageClass !== 'staff';
    return (locale) => ({
      ...visitVars({ facts, forContact, locale, place: forContact ? place : null, links, firstMessage: false }),
      visits: EXAMPLE[locale].visits ?? [],
    });
  }
  if (contactId === undefined) return (locale) => EXAMPLE[locale];
  const { business, contact } = await findContactFacts(tx, contactId);
  const { businessName, businessPhone: phone } = business;
  return (locale) => ({ ...EXAMPLE[locale], businessName, phone, contactName: firstName(contact.contactName) });
}
