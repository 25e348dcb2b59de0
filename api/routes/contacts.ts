import { v7 as newId } from 'uuid';
import { z } from 'zod';
import { findBusiness } from '../../db/businesses';
import { eraseContact, findContact, insertContact, listContacts, updateContact, type ContactRow } from '../../db/contacts';
import { forgetStates } from '../../db/cadence-states';
import type { Hasher } from '../../db/hashing';
import { forgetLeadStatus } from '../../db/lead-status';
import { hasUnfinished } from '../../db/open-visits';
import { stopCadence } from '../cadences';
import { consentIn, recordGiven } from '../consents';
import { phoneIn } from '../phone';
import { contactDetail } from '../contact-detail';
import { ContactDetailView, ContactView, presentContact } from '../presenters/contact';
import { conflict } from '../problem';
import { replanVisits } from '../replan';
import { route } from '../route';
import { leaveWaitlist } from '../waitlist';
import { ById, CHANNELS, emailIn, localeIn, pageOf, pageQueryById, text, toPage, zoneIn } from '../wire';

const tag = 'Contacts';
const postalCode = z.string().trim().min(2).max(12).meta({ example: '10001' });

const createContact = route(
  {
    method: 'post',
    path: '/contacts',
    tag,
    summary: 'Add a contact',
    description:
      "Numbers come out in E.164; without a country code they are of the United States. The locale is the business's unless told. Several people may share an address.",
    action: 'contact.created',
    role: 'staff',
    body: z.object({
      name: text(120).meta({ example: 'Ana López' }),
      phone: phoneIn.optional(),
      email: emailIn.optional(),
      locale: localeIn.optional(),
      zone: zoneIn.optional(),
      postal_code: postalCode.optional(),
      preferred_channel: z.enum(CHANNELS).optional(),
      consents: z.array(consentIn).max(12).default([]),
    }),
    status: 201,
    response: ContactDetailView,
  },
  async (call) => {
    const { tx, caller, deps, now } = call;
    const {
      name,
      phone = null,
      email = null,
      locale,
      zone = null,
      postalCode: postal = null,
      preferredChannel = null,
      consents,
    } = call.body;
    const addresses = { phoneE164: phone, email, ...hashesOf(deps.hash, caller.businessId, { phone, email }) };
    const speaks = locale ?? (await findBusiness(tx, caller.businessId)).locale;
    const contact = await insertContact(tx, {
      id: newId(),
      name,
      ...addresses,
      locale: speaks,
      zone,
      postalCode: postal,
      preferredChannel,
      source: 'api',
      now,
    });
    const words = consents.map((consent, i) => ({ path: `consents.${String(i)}.channel`, word: { ...consent, granted: true } }));
    await recordGiven(call, contact, words);
    return contactDetail(tx, contact, now);
  },
);

const list = route(
  {
    method: 'get',
    path: '/contacts',
    tag,
    summary: 'Contacts, newest first; by phone or email',
    role: 'viewer',
    query: z.object({ phone: phoneIn.optional(), email: emailIn.optional(), ...pageQueryById }),
    response: pageOf(ContactView),
  },
  async ({ tx, query: { cursor, limit, phone, email }, caller, deps }) => {
    const { phoneHash, emailHash } = hashesOf(deps.hash, caller.businessId, { phone: phone ?? null, email: email ?? null });
    const filter = { ...(phoneHash !== null && { phoneHash }), ...(emailHash !== null && { emailHash }) };
    const rows = await listContacts(tx, { ...filter, ...(cursor !== undefined && { before: cursor }), limit: limit + 1 });
    return toPage(rows, { limit, present: presentContact, keyOf: (row) => row.id });
  },
);

const getContact = route(
  {
    method: 'get',
    path: '/contacts/:id',
    tag,
    summary: 'One contact, with what its addresses may be used for',
    role: 'viewer',
    params: ById,
    response: ContactDetailView,
  },
  async ({ tx, params, now }) => contactDetail(tx, await findContact(tx, params.id), now),
);

const editContact = route(
  {
    method: 'patch',
    path: '/contacts/:id',
    tag,
    summary: 'Change a contact',
    description: 'A change of address, language, zone or preferred channel plans the messages of the visits ahead again.',
    action: 'contact.updated',
    role: 'staff',
    params: ById,
    body: z.object({
      name: text(120).optional(),
      phone: phoneIn.nullable().optional(),
      email: emailIn.nullable().optional(),
      locale: localeIn.optional(),
      zone: zoneIn.nullable().optional(),
      postal_code: postalCode.nullable().optional(),
      preferred_channel: z.enum(CHANNELS).nullable().optional(),
    }),
    response: ContactDetailView,
  },
  async ({ tx, params, body: { phone, ...fields }, caller, deps, ifVersion, now }) => {
    const before = await findContact(tx, params.id);
    const addresses = {
      phone: phone === undefined ? before.phoneE164 : phone,
      email: fields.email === undefined ? before.email : fields.email,
    };
    const changes = { ...fields, phoneE164: addresses.phone, email: addresses.email, ...hashesOf(deps.hash, caller.businessId, addresses) };
    const contact = await updateContact(tx, params.id, { ...changes, ifVersion, now });
    if (reachesOtherwise(before, contact)) await replanVisits(tx, { contactId: contact.id, lane: 0, now });
    return contactDetail(tx, contact, now);
  },
);

const deleteContact = route(
  {
    method: 'delete',
    path: '/contacts/:id',
    tag,
    summary: 'Erase a contact',
    description:
      'Refused while visits lie ahead. Of one with past visits everything that tells who it was goes; consents stay as proofs, opt-outs keep holding.',
    action: 'contact.deleted',
    role: 'admin',
    params: ById,
    status: 204,
    problems: ['has_future_appointments'],
  },
  async ({ tx, params, now }) => {
    if (await hasUnfinished(tx, { contactId: params.id, now })) throw conflict('has_future_appointments');
    await leaveWaitlist(tx, { contactId: params.id, now });
    await stopCadence(tx, { contactId: params.id, reason: 'erased', now });
    await forgetStates(tx, params.id);
    await forgetLeadStatus(tx, params.id);
    await eraseContact(tx, params.id, now);
  },
);

type Addresses = { phone: string | null; email: string | null };
const hashesOf = (hash: Hasher, businessId: string, { phone, email }: Addresses) => ({
  phoneHash: phone === null ? null : hash.address(businessId, phone),
  emailHash: email === null ? null : hash.address(businessId, email),
});

const REACH = ['phoneHash', 'emailHash', 'locale', 'zone', 'postalCode', 'preferredChannel'] as const;
const reachesOtherwise = (before: ContactRow, after: ContactRow): boolean => REACH.some((field) => before[field] !== after[field]);

export const contactRoutes = [createContact, list, getContact, editContact, deleteContact];
