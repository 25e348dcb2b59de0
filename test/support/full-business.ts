import { v7 as newId } from 'uuid';
import { insertAbsence } from '../../db/availability';
import { saveTemplate } from '../../db/templates';
import { listApiKeys } from '../../db/api-keys';
import { listSenders } from '../../db/senders';
import { insertDncNumbers } from '../../db/dnc-numbers';
import { insertWhatsAppTemplate } from '../../db/whatsapp-templates';
import type { Db } from '../../db/tenancy';
import { insertSession, insertUser, listSessions } from '../../db/users';
import { aWebhookEvent } from './webhook-events';
import { noteWritten } from '../../db/conversations';
import { insertInbound } from '../../db/inbound';
import {
  aBusiness,
  aContact,
  anApiKey,
  anAppointment,
  anUnknownMessage,
  aResource,
  aService,
  aStaffMember,
  aWaitlistEntry,
  aWaitlistOffer,
  inBusiness,
  testHasher,
} from '../factories';
import type { TestApi } from './api';
import { anEnrolment, anOwnCadence, someCadences } from './cadences';
import { WHATSAPP_TEMPLATE } from './whatsapp';

/** A business that has one of everything. */
export type FullBusiness = {
  businessId: string;
  key: string;
  ids: Record<
    | 'key'
    | 'location'
    | 'staff'
    | 'idleStaff'
    | 'resource'
    | 'service'
    | 'idleService'
    | 'contact'
    | 'idleContact'
    | 'absence'
    | 'appointment'
    | 'past'
    | 'sender'
    | 'unknownMessage'
    | 'whatsappTemplate'
    | 'template'
    | 'dnc'
    | 'entry'
    | 'offer'
    | 'cadence'
    | 'ownCadence'
    | 'enrolment'
    | 'conversation'
    | 'quarantined'
    | 'webhookEvent'
    | 'session',
    string
  >;
};

export async function aFullBusiness({ database: { db }, deps }: TestApi): Promise<FullBusiness> {
  const { id: businessId } = await aBusiness(db);
  const key = await anApiKey(db, businessId);
  const staff = await aStaffMember(db, businessId, { name: `Staff of ${businessId}`, phoneE164: '+12125550188' });
  const idleStaff = await aStaffMember(db, businessId, { locationId: staff.locationId });
  const resource = await aResource(db, businessId, { locationId: staff.locationId });
  const service = await aService(db, businessId, { staffIds: [staff.id, idleStaff.id] });
  const idleService = await aService(db, businessId, { staffIds: [staff.id] });
  const contact = await aContact(db, businessId, { name: `Contact of ${businessId}` });
  const idleContact = await aContact(db, businessId);
  const visit = { contactId: contact.id, serviceId: service.id, staffId: staff.id };
  const appointment = await anAppointment(db, businessId, visit);
  const past = await anAppointment(db, businessId, { ...visit, startsAt: '2027-03-01T13:00:00.000Z' });
  const waiting = { contactId: contact.id, serviceId: service.id };
  const entry = await aWaitlistEntry(db, businessId, waiting);
  const { offerId: offer } = await aWaitlistOffer(db, businessId, waiting);
  const { never_answered: cadence } = await someCadences(db, businessId);
  const ownCadence = await anOwnCadence(db, businessId);
  const enrolment = await anEnrolment(db, businessId, { contactId: contact.id, cadenceId: cadence!.id });
  const [absence, whatsappTemplate] = [newId(), newId()];
  const template = `own-${businessId}`;
  const at = { startsAt: '2027-04-01T13:00:00.000Z', endsAt: '2027-04-01T15:00:00.000Z' };
  const own = await inBusiness(db, businessId, async (tx) => {
    await saveTemplate(tx, {
      key: template,
      name: 'Walk',
      messageClass: 'notice',
      words: WORDS,
      ifVersion: null,
      savedBy: 'walk',
      now: at.startsAt,
    });
    await insertAbsence(tx, { id: absence, kind: 'time_off', staffId: staff.id, locationId: null, ...at, reason: null });
    await insertWhatsAppTemplate(tx, { id: whatsappTemplate, ...WHATSAPP_TEMPLATE, now: at.startsAt });
    return listApiKeys(tx, { limit: 1 });
  });
  const webhookEvent = await aWebhookEvent(deps);
  const { conversation, quarantined } = await whatPeopleWrote(db, businessId, contact.id);
  const people = { staff: staff.id, idleStaff: idleStaff.id, contact: contact.id, idleContact: idleContact.id };
  const things = { key: own[0]!.id, location: staff.locationId, resource: resource.id, service: service.id, idleService: idleService.id };
  const [sender] = await inBusiness(db, businessId, listSenders);
  const unknownMessage = await anUnknownMessage(db, businessId, contact.id);
  const dnc = await aDncNumber(db, businessId);
  const session = await aSession(db, businessId);
  return {
    businessId,
    key,
    ids: {
      ...people,
      ...things,
      absence,
      appointment: appointment.id,
      past: past.id,
      entry: entry.id,
      offer,
      cadence: cadence!.id,
      ownCadence: ownCadence.id,
      enrolment: enrolment.id,
      template,
      conversation,
      quarantined,
      whatsappTemplate,
      webhookEvent,
      dnc,
      sender: sender!.id,
      unknownMessage,
      session,
    },
  };
}

/** Somebody is logged in. */
async function aSession(db: Db, businessId: string): Promise<string> {
  const [user, now] = [{ id: newId(), email: `${businessId}@example.com`, passwordHash: '' }, '2027-03-01T12:00:00.000Z'];
  const opened = { userId: user.id, tokenHash: `of ${businessId}`, device: null, now, expiresAt: '2027-06-01T12:00:00.000Z' };
  return inBusiness(db, businessId, async (tx) => {
    await insertUser(tx, { ...user, emailHash: testHasher.login(user.email), permissionLevel: 'owner', now });
    await insertSession(tx, opened);
    const [session] = await listSessions(tx, { userId: user.id, tokenHash: null, now });
    return session!.id;
  });
}

async function aDncNumber(db: Db, businessId: string): Promise<string> {
  const number = { id: newId(), numberE164: '+12125550177', numberHash: `hash of ${businessId}`, reason: 'asked' };
  const origin = { source: 'manual' as const, createdBy: 'test', now: '2027-03-01T12:00:00.000Z' };
  await inBusiness(db, businessId, (tx) => insertDncNumbers(tx, [number], origin));
  return number.id;
}

/** A conversation, and a text of somebody whom nobody knows. */
async function whatPeopleWrote(db: Db, businessId: string, contactId: string): Promise<{ conversation: string; quarantined: string }> {
  const now = '2027-03-01T12:00:00.000Z';
  const text = { channel: 'sms' as const, vendor: 'twilio', to: '+12125550100', body: 'Hello?', mediaTypes: [], media: null, now };
  return inBusiness(db, businessId, async (tx) => {
    const quarantined = newId();
    await insertInbound(tx, { ...text, id: newId(), contactId, vendorId: `SM1${businessId}`, from: '+12125550123' });
    await insertInbound(tx, { ...text, id: quarantined, contactId: null, vendorId: `SM2${businessId}`, from: '+12125550177' });
    return { conversation: (await noteWritten(tx, { id: newId(), contactId, now })).id, quarantined };
  });
}

export const TEXT = { body: '{{ business_name }}: hello.' };
const WORDS = { sms: { en: { subject: null, ...TEXT }, es: { subject: null, ...TEXT } } };
