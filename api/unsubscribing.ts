import { v7 as newId } from 'uuid';
import type { ConsentRow } from '../db/contacts';
import { findContactsByHash, listConsents, recordConsents } from '../db/contacts';
import { findMessage, type MessageRow } from '../db/messages';
import { suppressChannel, undoUnsubscribe } from '../db/opt-outs';
import type { Tx } from '../db/tenancy';
import type { Purpose } from '../domain/message';
import type { Instant } from '../domain/time';
import { noteAddressOptedOut, noteReturned } from './cadences';
import type { ApiDeps } from './deps';
import { wakeContacts } from './webhooks/reports';

/** How much of a business's e-mail a person ends: its offers, or everything. */
export type Scope = 'marketing' | 'all';

export type Unsubscribing = {
  businessId: string;
  messageId: string;
  /** The words of the button or header by which they did it, kept as proof. */
  statement: string;
  ip: string | null;
  userAgent: string | null;
  now: Instant;
};

const PURPOSES: Record<Scope, Purpose[]> = { marketing: ['marketing'], all: ['service', 'marketing'] };

/** What one click ends, without a question: offers where it stood in an offer, else everything (RFC 8058; R33: the wider reading). */
export const scopeOfOneClick = ({ messageClass }: Pick<MessageRow, 'messageClass'>): Scope =>
  messageClass === 'marketing' ? 'marketing' : 'all';

/**
 * Ends a business's e-mail to the address that a message went to, before the next send. Safe to repeat: it is written down once. Answers nothing: whoever
 * holds the link learns nothing about the address.
 */
export async function unsubscribe(
  tx: Tx,
  { hash }: Pick<ApiDeps, 'hash'>,
  { scope, ...asked }: Unsubscribing & { scope: Scope },
): Promise<void> {
  const address = await addressOf(tx, hash, asked);
  if (!address) return;
  await noteAddressOptedOut(tx, address);
  const proof = { source: 'unsubscribe' as const, statement: asked.statement, evidence: evidenceOf(asked) };
  await suppressChannel(tx, { ...address, ...proof, scope: scope === 'all' ? 'automated' : 'marketing' });
  for (const { id } of await findContactsByHash(tx, address)) {
    const log = await listConsents(tx, id);
    const standing = PURPOSES[scope].filter((purpose) => latest(log, purpose)?.granted !== false);
    await recordConsents(
      tx,
      standing.map((purpose) => entryOf(asked, address.addressHash, { contactId: id, purpose, granted: false })),
    );
  }
  await wakeContacts(tx, address);
}

/** Takes back what was ended by such a link, and nothing else: an opt-out by other means stays, and nobody gets a consent that they had not given. */
export async function resubscribe(tx: Tx, { hash }: Pick<ApiDeps, 'hash'>, asked: Unsubscribing): Promise<void> {
  const address = await addressOf(tx, hash, asked);
  if (!address) return;
  await undoUnsubscribe(tx, { ...address, evidence: evidenceOf(asked) });
  for (const { id } of await findContactsByHash(tx, address)) {
    await noteReturned(tx, { contactIds: [id], now: asked.now });
    const log = await listConsents(tx, id);
    const ended = PURPOSES.all.filter((purpose) => wasEndedByLink(log, purpose));
    await recordConsents(
      tx,
      ended.map((purpose) => entryOf(asked, address.addressHash, { contactId: id, purpose, granted: true })),
    );
  }
  await wakeContacts(tx, address);
}

/** Null when the person was erased since: nobody writes to them any more. */
async function addressOf(tx: Tx, hash: ApiDeps['hash'], { businessId, messageId, now }: Unsubscribing) {
  const { toAddress, channel } = await findMessage(tx, messageId);
  if (toAddress === null || channel !== 'email') return null;
  return { channel, addressHash: hash.address(businessId, toAddress.toLowerCase()), now };
}

const ofEmail = (log: readonly ConsentRow[], purpose: Purpose): ConsentRow[] =>
  log.filter((entry) => entry.channel === 'email' && entry.purpose === purpose);
const latest = (log: readonly ConsentRow[], purpose: Purpose): ConsentRow | undefined => ofEmail(log, purpose)[0];

function wasEndedByLink(log: readonly ConsentRow[], purpose: Purpose): boolean {
  const [last, before] = ofEmail(log, purpose);
  return last?.granted === false && last.method === 'link' && before?.granted === true;
}

const evidenceOf = ({ messageId }: Pick<Unsubscribing, 'messageId'>): string => `message ${messageId}`;

type Entry = Pick<ConsentRow, 'contactId' | 'purpose' | 'granted'>;

const entryOf = ({ messageId, statement, ip, userAgent, now }: Unsubscribing, addressHash: string, entry: Entry): ConsentRow => ({
  id: newId(),
  channel: 'email',
  statement,
  source: evidenceOf({ messageId }),
  method: 'link',
  addressHash,
  attestationId: null,
  recordedBy: 'contact',
  ip,
  userAgent,
  recordedAt: now,
  ...entry,
});
