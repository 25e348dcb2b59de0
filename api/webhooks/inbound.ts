import { v7 as newId } from 'uuid';
import type { ContactRow } from '../../db/contacts';
import { recordConsents } from '../../db/contacts';
import { noteWritten } from '../../db/conversations';
import type { Inbound } from '../../db/inbound';
import { findBodiesSince, insertInbound, isEcho, lockSender } from '../../db/inbound';
import { liftSuppression, lockOptOuts, suppressChannel } from '../../db/opt-outs';
import type { Tx } from '../../db/tenancy';
import type { OptOutWord } from '../../domain/opt-out';
import { optOutWord, readOptOut } from '../../domain/opt-out';
import { closedChannels } from '../../domain/suppression';
import type { Instant } from '../../domain/time';
import { noteAddressOptedOut, noteReply, noteReturned } from '../cadences';
import { answer } from './answering';
import { askAboutVisits } from './cancel-question';
import { tellCarrier } from './carrier';
import type { WebhookDeps } from './deps';
import { MEDIA_SEALED_AS } from './deps';
import type { InboundText } from './inbound-text';
import type { Context } from './replying';
import { reply } from './replying';
import { wakeContacts } from './reports';
import { findSenders } from './senders';

type Received = { businessId: string; event: InboundText; now: Instant };

/**
 * A message from a person: stored once and put into their conversation, then STOP, START and HELP, then the answer to an open question, else for a person to
 * read (R30, R31, R40). Of somebody whom nobody knows it is kept in quarantine, obeyed, and not answered.
 */
export async function receiveText(tx: Tx, deps: WebhookDeps, { businessId, event, now }: Received): Promise<void> {
  const hashOf = (address: string): string => deps.hash.address(businessId, address);
  await lockSender(tx, hashOf(event.from));
  const { contacts, addressHash } = await findSenders(tx, { event, hashOf, now });
  const [contact] = contacts;
  const text = toRow(deps, { event, contactId: contact?.id ?? null, now });
  if (!(await insertInbound(tx, text))) return;
  if (contact) await noteWritten(tx, { id: newId(), contactId: contact.id, now });
  if (event.automatic === true || (await isEcho(tx, text))) return;

  const context = { tx, deps, contacts, addressHash, event, now, inboundId: text.id };
  const word = await wordOf(context);
  await endCadences(context, word);
  if (word) return obeyWord(context, word);
  if (contact) await answer(context, contact);
}

/** Whatever a person writes ends the cadence they are in, in the transaction that stores it (R52); everybody at the address, as nobody knows which of them wrote. */
async function endCadences({ tx, contacts, addressHash, event: { channel }, now }: Context, word: OptOutWord | null): Promise<void> {
  const contactIds = contacts.map(({ id }) => id);
  if (word?.kind === 'out') return noteAddressOptedOut(tx, { channel, addressHash, now });
  await noteReply(tx, { contactIds, now });
  if (word?.kind === 'in') await noteReturned(tx, { contactIds, now });
}

/** STOP, START or HELP in whatever words. Of somebody for whom nobody vouches only an opt-out counts: it does no harm. */
async function wordOf(context: Context): Promise<OptOutWord | null> {
  const { body, unverified = false } = context.event;
  const word = readOptOut(body, { askedToResubscribe: false }) ?? (await vendorsWord(context)) ?? (await judgedWord(context));
  return unverified && word?.kind !== 'out' ? null : word;
}

/** As one in a person's own words. */
const JUDGED: OptOutWord = { kind: 'out', mayMeanVisit: false, answeredByTwilio: false };

/** What a model found, unless they came back in plain words while it was asked. */
async function judgedWord({ tx, event: { judgedOut, from } }: Context): Promise<OptOutWord | null> {
  if (!judgedOut) return null;
  const since = await findBodiesSince(tx, { from, id: judgedOut.storedId });
  return since.some((body) => readOptOut(body, { askedToResubscribe: false })?.kind === 'in') ? null : JUDGED;
}

const BODY_MAX = 1_600;
const MEDIA_MAX = 10;

function toRow(
  { encryption }: WebhookDeps,
  { event, contactId, now }: { event: InboundText; contactId: string | null; now: Instant },
): Inbound {
  const media = (event.media ?? []).slice(0, MEDIA_MAX);
  return {
    id: newId(),
    contactId,
    channel: event.channel,
    vendor: event.vendor,
    vendorId: event.vendorId,
    from: event.from,
    to: event.to,
    body: event.body.replaceAll('\0', '').slice(0, BODY_MAX),
    mediaTypes: media.map(({ contentType }) => contentType.slice(0, 100)),
    media: media.length === 0 ? null : encryption.seal(JSON.stringify(media.map(({ url }) => url)), MEDIA_SEALED_AS),
    now,
  };
}

/**
 * Twilio may know more words than we do (Advanced Opt-Out). What it has acted on holds here too (R33), but its START counts only for somebody who is opted
 * out: YES is among its words, and confirms a visit.
 */
async function vendorsWord({ tx, addressHash, event, now }: Context): Promise<OptOutWord | null> {
  switch (event.answeredByVendor) {
    case null:
      return null;
    case 'stop':
      return { kind: 'out', mayMeanVisit: false, answeredByTwilio: true };
    case 'help':
      return { kind: 'help', answeredByTwilio: true };
    case 'start': {
      const closed = closedChannels(await lockOptOuts(tx, addressHash), { messageClass: 'reminder', now });
      return closed.includes(event.channel) ? { kind: 'in', answeredByTwilio: true } : null;
    }
  }
}

/** STOP, START, HELP. What the vendor has answered already is not answered again (providers.md 4, Opt-out). */
async function obeyWord(context: Context, word: OptOutWord): Promise<void> {
  const { tx, contacts, addressHash, event, now } = context;
  // On WhatsApp and by e-mail nobody answers for us (compliance.md 6).
  const answered = event.channel === 'sms' && (word.answeredByTwilio || event.answeredByVendor !== null);
  const address = { channel: event.channel, addressHash, now };
  const evidence = evidenceOf(context, word);
  const isExact = event.answeredByVendor !== null || optOutWord(event.body, { askedToResubscribe: false }) !== null;
  const said = { source: isExact ? ('keyword' as const) : ('free_text' as const), statement: event.body.slice(0, 160), evidence };
  const isNew =
    word.kind === 'out'
      ? await suppressChannel(tx, { ...address, ...said })
      : word.kind === 'in' && (await liftSuppression(tx, { ...address, evidence }));
  if (word.kind !== 'help') {
    await recordConsents(
      tx,
      contacts.map((contact) => consentByWord(context, contact, word.kind === 'in')),
    );
    await wakeContacts(tx, address);
  }
  if (word.kind === 'out' && word.mayMeanVisit) await askAboutVisits(context);
  if (answered) return;
  const ackId = await acknowledge(context, { word, isNew });
  if (isNew) await tellCarrier(context, ackId);
}

const evidenceOf = ({ inboundId }: Context, word: OptOutWord): string =>
  `message ${inboundId}${word === JUDGED ? ', as a model reads it' : ''}`;

/** An opt-out is confirmed once, however often it is said (R33). Who comes back hears it after the carrier does, which blocks our answer until then. */
async function acknowledge(context: Context, { word: { kind }, isNew }: { word: OptOutWord; isNew: boolean }): Promise<string | null> {
  const [contact] = context.contacts;
  if (!contact || (kind === 'out' && !isNew)) return null;
  const rule = { out: 'opt_out_ack', in: 'opt_in_ack', help: 'help' } as const;
  return reply(context, contact, { rule: rule[kind], waits: kind === 'in' && isNew && context.event.channel === 'sms' });
}

const consentByWord = ({ addressHash, event, now, inboundId }: Context, { id }: ContactRow, granted: boolean) => ({
  id: newId(),
  contactId: id,
  channel: event.channel,
  purpose: 'service' as const,
  granted,
  statement: event.body.slice(0, 160),
  source: `message ${inboundId}`,
  method: 'keyword',
  addressHash,
  attestationId: null,
  recordedBy: 'contact',
  ip: null,
  userAgent: null,
  recordedAt: now,
});
