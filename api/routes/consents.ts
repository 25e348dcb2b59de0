import { z } from 'zod';
import { findContact, listConsentProofs } from '../../db/contacts';
import { consentIn, recordGiven } from '../consents';
import { ConsentView, presentConsent } from '../presenters/contact';
import { replanVisits } from '../replan';
import { route } from '../route';
import { writeTable } from '../table-file';
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
    return { data: (await listConsentProofs(tx, id)).map(presentConsent), nextCursor: null };
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
    return { data: (await listConsentProofs(tx, contact.id)).map(presentConsent), nextCursor: null };
  },
);

const exportLog = route(
  {
    method: 'get',
    path: '/contacts/:id/consents/export',
    tag,
    summary: 'The consent log of one person as a CSV file: the proof, with statement, address, browser and time',
    role: 'admin',
    params: ById,
    produces: 'text/csv',
    response: z.string(),
  },
  async ({ tx, params }) => {
    const { id } = await findContact(tx, params.id);
    const rows = await listConsentProofs(tx, id);
    return writeTable(
      ['recorded_at', 'channel', 'purpose', 'granted', 'statement', 'source', 'method', 'recorded_by', 'ip', 'user_agent'],
      rows.map((row) => [
        row.recordedAt,
        row.channel,
        row.purpose,
        row.granted ? 'granted' : 'withdrawn',
        row.statement,
        row.source,
        row.method,
        row.recordedBy,
        row.ip,
        row.userAgent,
      ]),
    );
  },
);

export const consentRoutes = [list, exportLog, record];
