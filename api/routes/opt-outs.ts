import { z } from 'zod';
import { findWhatsAppHash } from '../../db/contact-identities';
import { findContact, recordConsents, type ContactRow } from '../../db/contacts';
import { listOptOuts, suppressChannel, type OptOutRow } from '../../db/opt-outs';
import type { ContactChannel } from '../../domain/message';
import { OPT_OUT_SOURCES } from '../../domain/suppression';
import { noteOptedOut } from '../cadences';
import { consentRow } from '../consents';
import { CONSENT_CHANNELS } from '../presenters/contact';
import { invalidField } from '../problem';
import { replanVisits } from '../replan';
import { route, type Call } from '../route';
import { ById, id, instantOut, text } from '../wire';

const tag = 'Contacts';
const SCOPES = ['automated', 'marketing'] as const;

const OptOutView = z
  .object({
    id,
    channel: z.enum(CONSENT_CHANNELS).meta({ description: 'over which the person said so' }),
    scope: z.enum(SCOPES),
    source: z.enum(OPT_OUT_SOURCES),
    statement: z.string().nullable(),
    recorded_by: z.string(),
    suppressed_at: instantOut,
    reopened: z.array(z.enum(CONSENT_CHANNELS)).meta({ description: 'channels that the person asked for again since' }),
    lifted_at: instantOut.nullable(),
  })
  .meta({ id: 'OptOut' });
const LogView = z.object({ data: z.array(OptOutView), next_cursor: z.null() });

const presentOptOut = (row: OptOutRow) => ({
  id: row.id,
  channel: row.channel,
  scope: row.scope,
  source: row.source,
  statement: row.statement,
  recordedBy: row.recordedBy,
  suppressedAt: row.suppressedAt,
  reopened: [...row.reopened],
  liftedAt: row.liftedAt,
});

const list = route(
  {
    method: 'get',
    path: '/contacts/:id/opt-outs',
    tag,
    summary: 'Every opt-out of a contact’s number and e-mail, newest first, lifted ones included',
    role: 'viewer',
    params: ById,
    response: LogView,
  },
  async ({ tx, params }) => ({ data: (await listOptOuts(tx, await findContact(tx, params.id))).map(presentOptOut), nextCursor: null }),
);

const record = route(
  {
    method: 'post',
    path: '/contacts/:id/opt-outs',
    tag,
    summary: 'Note that a person wants no more messages, in whatever way they said so',
    description:
      'Any reasonable way counts: spoken at the desk, by telephone, by letter. `automated` ends everything automated that the law ties to it, `marketing` only what advertises. Staff cannot lift it: the person can, by START or a link.',
    action: 'opt_out.recorded',
    role: 'staff',
    params: ById,
    body: z.object({
      channel: z.enum(CONSENT_CHANNELS),
      scope: z.enum(SCOPES).default('automated'),
      source: z.enum(['spoken', 'staff']).default('spoken'),
      statement: text(500).meta({ example: 'Said at the desk: no more texts, please.' }),
    }),
    status: 201,
    response: LogView,
  },
  async (call) => {
    const { tx, params, body, caller, now } = call;
    const contact = await findContact(tx, params.id, 'forUpdate');
    const addressHash = body.channel === 'email' ? contact.emailHash : contact.phoneHash;
    if (addressHash === null) throw invalidField('channel', 'the contact has no such address');
    const recordedBy = `${caller.kind}:${caller.id}`;
    await noteOptedOut(tx, { contactIds: [contact.id], now });
    await suppressChannel(tx, { ...body, addressHash, recordedBy, now });
    await withdraw(call, contact);
    await replanVisits(tx, { contactId: contact.id, lane: 0, now });
    return { data: (await listOptOuts(tx, contact)).map(presentOptOut), nextCursor: null };
  },
);

type Noted = Pick<Call, 'tx' | 'caller' | 'from' | 'now'> & {
  body: { channel: ContactChannel; scope: string; statement: string };
};

/** The consent log says so too: it alone is shown to who asks for the proof. */
async function withdraw(call: Noted, contact: ContactRow): Promise<void> {
  const { channel, scope, statement } = call.body;
  const purposes =
    scope === 'marketing' ? (['marketing'] as const) : channel === 'voice' ? (['ai_voice'] as const) : (['service', 'marketing'] as const);
  const words = purposes.map((purpose) => ({ channel, purpose, granted: false, statement, source: 'opt-out' }));
  const about = { contact, whatsappHash: await findWhatsAppHash(call.tx, contact) };
  await recordConsents(
    call.tx,
    words.map((word) => consentRow(call, about, word)),
  );
}

export const optOutRoutes = [list, record];
