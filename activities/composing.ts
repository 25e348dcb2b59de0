import { findAppointment } from '../db/appointments';
import { findDayVisits } from '../db/day-schedules';
import type { MessageRow } from '../db/messages';
import type { BusinessFacts, ContactFacts, StaffFacts, VisitFacts } from '../db/plan-facts';
import { findVisitFacts } from '../db/plan-facts';
import type { Mark } from '../db/sending';
import type { Tx } from '../db/tenancy';
import { findLinkedOffer } from '../db/waitlist-offers';
import type { Locale } from '../domain/message';
import { offerOf } from '../domain/offer-reply';
import { smsSegments } from '../domain/sms-segments';
import { findTemplate } from '../db/templates';
import { manualWording } from '../domain/templates/manual';
import { renderTemplate } from '../domain/templates/render';
import { EXAMPLE } from '../domain/templates/variables';
import type { MessageVars, VisitLine } from '../domain/templates/vars';
import { firstName, linksOf, visitVars, zoneOf, type VisitLinks } from '../domain/templates/visit-vars';
import { formatDay, formatHour, formatWhen } from '../domain/templates/when';
import { wordingOf, type Wording } from '../domain/templates/wording';
import type { Instant } from '../domain/time';
import { daySpan } from './dailies';
import type { Deps } from './deps';
import { unsubscribeUrl } from './mail-headers';
import { placeOf } from './visit-plan';
import type { Form } from './whatsapp-form';
import { filledIn } from './whatsapp-form';
import { offerVars } from './waitlist-text';

export type ComposeDeps = Pick<Deps, 'hash' | 'publicUrl' | 'defaultFromNumber' | 'fromEmail'>;

/** A message as it will leave: what the mark writes down. */
export type Composed = Omit<Mark, 'id' | 'markedAt' | 'decision' | 'now' | 'locale'> & { locale: Locale };

const linksTo = ({ hash, publicUrl }: ComposeDeps, appointmentId: string): VisitLinks =>
  linksOf(publicUrl, hash.linkToken('appointment', appointmentId));

/** Where it goes, and on WhatsApp in which form. */
type Receiver = { address: string; form: Form };

type Visit = { deps: ComposeDeps; visit: VisitFacts; message: MessageRow; to: Receiver; firstMessage: boolean };

/** A message of a visit's plan, to the contact or to staff. */
export function composeVisit(tx: Tx, { deps, visit, message, to, firstMessage }: Visit): Promise<Composed> {
  const forContact = message.contactId !== null;
  const locale = forContact ? visit.contact.contactLocale : (visit.staff.find(({ id }) => id === message.staffId)?.locale ?? 'en');
  const place = forContact ? placeOf(visit.contact) : null;
  const links = linksTo(deps, visit.appointment.id);
  const vars = visitVars({ facts: visit, forContact, locale, place, links, firstMessage });
  return finish(tx, { deps, business: visit.business, message, to, locale, vars });
}

type ToStaff = { deps: ComposeDeps; business: BusinessFacts; staff: StaffFacts; message: MessageRow; to: Receiver };

/** The day's schedule for one member of staff, or of the whole business for an owner. */
export async function composeStaff(tx: Tx, { deps, business, staff, message, to }: ToStaff): Promise<Composed> {
  if (message.rule === 'template_test') return finish(tx, { deps, business, message, to, ...testOf(message, business) });
  const { date = '', zone = 'UTC', scope } = message.facts;
  const visits = await findDayVisits(tx, { ...daySpan(date, zone), staffId: scope === 'all' ? null : staff.id });
  const { locale } = staff;
  const lines = visits.map(({ startsAt, contactName, serviceName, staffName, zone: venueZone }): VisitLine => ({
    when: formatHour({ startsAt, venueZone, locale }),
    contactName,
    serviceName,
    staffName: scope === 'all' ? staffName : null,
  }));
  const vars = { businessName: business.businessName, when: formatDay({ date, locale }), visits: lines };
  return finish(tx, { deps, business, message, to, locale, vars });
}

/** A template tried out: a visit made up for it, and words that may never be saved, so the message carries them. */
function testOf({ facts, channel }: MessageRow, { businessName }: BusinessFacts): Pick<Finish, 'locale' | 'vars' | 'wording'> {
  const { locale: written, body = '', subject = null, templateId = '', own } = facts;
  const locale = written === 'es' ? 'es' : 'en';
  const marked = `${TEST_MARK[locale]}: `;
  const source = channel === 'email' ? { subject: `${marked}${subject ?? ''}`, body } : { subject, body: `${marked}${body}` };
  const template = { messageClass: 'staff', variables: [], needsWhen: false, speaksOfOptOut: true } as const;
  return { locale, vars: { ...EXAMPLE[locale], businessName }, wording: { template, source, own: own === 'true', templateId } };
}

const TEST_MARK = { en: 'Test', es: 'Prueba' } as const;

type ToContact = {
  deps: ComposeDeps;
  people: { business: BusinessFacts; contact: ContactFacts };
  message: MessageRow;
  to: Receiver;
  now: Instant;
};

/** An answer to a person's own text. */
export async function composeReply(tx: Tx, { deps, people, message, to, now }: ToContact): Promise<Composed> {
  const { business, contact } = people;
  const locale = contact.contactLocale;
  const shared = { businessName: business.businessName, contactName: firstName(contact.contactName), phone: business.businessPhone };
  const vars = { ...shared, ...(await subjectVars(tx, { deps, message, contact, now })) };
  return finish(tx, { deps, business, message, to, locale, vars });
}

type ByHand = ToContact & { firstMessage: boolean };

/** What somebody of the business sends by hand, or a cadence's step: words of their own, or a template's, about a visit if they named one. */
export async function composeByHand(tx: Tx, { deps, people, message, to, firstMessage }: ByHand): Promise<Composed> {
  const { business, contact } = people;
  const { channel, facts, appointmentId } = message;
  const locale = contact.contactLocale;
  const vars =
    appointmentId === null ? personVars(people, firstMessage) : await oneVisit(tx, { deps, appointmentId, locale, firstMessage });
  const messageClass = message.messageClass === 'marketing' ? 'marketing' : 'notice';
  const { businessName } = business;
  const text = { body: facts['body'] ?? '', subject: facts['subject'] ?? null };
  const key = facts['template'];
  const wording =
    key === undefined
      ? manualWording({ text, messageClass, channel, locale, businessName })
      : wordingOf(key, await findTemplate(tx, key), { channel, locale });
  if (!wording) throw new RangeError('no such template');
  return finish(tx, { deps, business, message, to, locale, vars, wording });
}

/**
 * Whether the template that a message names is there, with words for its channel and the person's language, and is still of the message's class: the gate asks what a
 * notice needs, so marketing words must not go as one.
 */
export async function hasWording(tx: Tx, message: MessageRow, { contactLocale: locale }: ContactFacts): Promise<boolean> {
  const { facts, channel, messageClass } = message;
  const key = facts['template'] ?? '';
  return wordingOf(key, await findTemplate(tx, key), { channel, locale })?.template.messageClass === messageClass;
}

const personVars = ({ business, contact }: ToContact['people'], firstMessage: boolean): MessageVars => ({
  businessName: business.businessName,
  contactName: firstName(contact.contactName),
  phone: business.businessPhone,
  firstMessage,
});

type OneVisit = { deps: ComposeDeps; appointmentId: string; locale: Locale; firstMessage: boolean };

async function oneVisit(tx: Tx, { deps, appointmentId, locale, firstMessage }: OneVisit): Promise<MessageVars> {
  const facts = await findVisitFacts(tx, appointmentId);
  const links = linksTo(deps, appointmentId);
  return visitVars({ facts, forContact: true, locale, place: placeOf(facts.contact), links, firstMessage });
}

/** Of an answer about one visit, or about several. */
async function subjectVars(
  tx: Tx,
  { deps, message, contact, now }: { deps: ComposeDeps; message: MessageRow; contact: ContactFacts; now: Instant },
): Promise<Partial<MessageVars>> {
  const recipientZone = zoneOf(placeOf(contact));
  const locale = contact.contactLocale;
  const whenOf = (startsAt: string, venueZone: string): string => formatWhen({ startsAt, venueZone, recipientZone, locale });
  if (message.facts['offerId'] !== undefined) return offerVars(tx, { deps, message, now, whenOf });
  if (message.appointmentId !== null) {
    const { startsAt, zone } = await findAppointment(tx, message.appointmentId);
    return { when: whenOf(startsAt, zone), link: linksTo(deps, message.appointmentId).page };
  }
  const asked = message.facts['appointmentIds']?.split(',') ?? [];
  const visits: VisitLine[] = [];
  for (const id of asked) {
    const offerId = offerOf(id);
    if (offerId !== null) {
      const { startsAt, zone, serviceName } = await findLinkedOffer(tx, offerId);
      visits.push({ when: whenOf(startsAt, zone), serviceName });
      continue;
    }
    const { appointment, service } = await findVisitFacts(tx, id);
    visits.push({ when: whenOf(appointment.startsAt, appointment.zone), serviceName: service.serviceName });
  }
  return { visits };
}

type Finish = {
  deps: ComposeDeps;
  business: BusinessFacts;
  message: MessageRow;
  to: Receiver;
  locale: Locale;
  vars: MessageVars;
  wording?: Wording;
};

/** The words in force now, the business's or the default, filled in; with sender and receiver. Throws RangeError for a template that is none any more. */
export async function finish(tx: Tx, { deps, business, message, to, locale, vars, wording: given }: Finish): Promise<Composed> {
  const { rule, channel } = message;
  const wording = given ?? wordingOf(rule, await findTemplate(tx, rule), { channel, locale });
  if (!wording) throw new RangeError('no such template');
  const { templateId, ...words } = wording;
  const letter = { postalAddress: business.businessPostalAddress, unsubscribeUrl: unsubscribeUrl(deps, message) };
  const rendered = renderTemplate({ ...words, channel, locale, vars: { ...vars, ...letter } });
  const shared = { toAddress: to.address, locale, templateId, asksConfirmation: vars.askConfirm === true };
  if (rendered.channel === 'sms') {
    const text = { ...shared, fromName: null, subject: null, body: rendered.text, html: null };
    if (channel === 'whatsapp') return { ...text, ...whatsAppSender(business), ...filledIn(to.form, vars), segments: null };
    return {
      ...text,
      vendor: 'twilio',
      fromAddress: business.fromNumber ?? deps.defaultFromNumber,
      segments: smsSegments(rendered.text).segments,
    };
  }
  return {
    ...shared,
    vendor: 'sendgrid',
    fromAddress: deps.fromEmail,
    fromName: business.businessName,
    subject: rendered.subject,
    body: rendered.text,
    html: rendered.html,
    segments: null,
  };
}

/** Throws TypeError where WhatsApp is off: its messages are skipped before they are written. */
function whatsAppSender({ whatsappVendor, whatsappSender }: BusinessFacts): { vendor: 'twilio' | 'meta'; fromAddress: string } {
  if (whatsappVendor === 'off' || whatsappSender === null) throw new TypeError('the business does not write on WhatsApp');
  return { vendor: whatsappVendor, fromAddress: whatsappSender };
}
