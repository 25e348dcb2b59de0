import { z } from 'zod';
import { findContact, listConsents } from '../../db/contacts';
import { consentIn, recordGiven } from '../consents';
import { ConsentView, presentConsent } from '../presenters/contact';
import { replanVisits } from '../replan';
import { route } from '../route';
import { ById } from '../wire';

const tag = 'Contacts';
/** The whole log of one person: short, so not in pages. */
const LogView = z.object({ data: z.array(ConsentView), next_cursor: z.null() });

const list = route(
  {
    method: 'get',
    path: '/contacts/:id/consents',
    tag,
    summary: 'Every consent given or withdrawn, newest first',
    role: 'viewer',
    params: ById,
    response: LogView,
  },
  async ({ tx, params }) => {
    const { id } = await findContact(tx, params.id);
    return { data: (await listConsents(tx, id)).map(presentConsent), nextCursor: null };
  },
);

const record = route(
  {
    method: 'post',
    path: '/contacts/:id/consents',
    tag,
    summary: 'Note a consent, or its withdrawal (granted: false)',
    description: 'The newest of a channel and purpose holds. It lifts no opt-out: only the person does, by START or a link.',
    action: 'contact.consent_recorded',
    role: 'staff',
    params: ById,
    body: consentIn.extend({ granted: z.boolean().default(true) }),
    status: 201,
    response: LogView,
  },
  async (call) => {
    const { tx, params, body, now } = call;
    const contact = await findContact(tx, params.id, 'forUpdate');
    await recordGiven(call, contact, [{ path: 'channel', word: body }]);
    await replanVisits(tx, { contactId: contact.id, lane: 0, now });
    return { data: (await listConsents(tx, contact.id)).map(presentConsent), nextCursor: null };
  },
);

export const consentRoutes = [list, record];
