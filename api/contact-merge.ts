import { v7 as newId } from 'uuid';
import { lockActive } from '../db/cadence-states';
import { joinAliases, rememberAlias } from '../db/contact-aliases';
import {
  findDoubleEntries,
  findHashesOfTwo,
  joinConversations,
  joinLeadStatus,
  leaveShell,
  lockTwo,
  moveToContact,
  noteOrigin,
  type Moved,
  type Two,
} from '../db/contact-merge';
import type { ContactRow } from '../db/contacts';
import { findContact, forgetDncNumber, listConsents, lockChannels, recordConsents, updateContact } from '../db/contacts';
import { findDncNumber, insertDncNumbers } from '../db/dnc-numbers';
import { lockSender } from '../db/inbound';
import { listOptOuts, suppressChannel } from '../db/opt-outs';
import type { Tx } from '../db/tenancy';
import { findOpenOffersOf } from '../db/waitlist-offers';
import { consentsToAdd, endedByOptOut, mergedPerson, optOutMovesTo } from '../domain/contact-merge';
import type { ContactChannel } from '../domain/message';
import type { Instant } from '../domain/time';
import { noteOptedOut, stopCadence } from './cadences';
import { conflict, invalidField, notFound } from './problem';
import { replanVisits } from './replan';
import { withdrawEntry, withdrawOffers } from './waitlist';

export type Merging = Two & { by: string; now: Instant };
/** Addresses of the one that went that are not written to any more; null: none. */
type Dropped = { phone: string | null; email: string | null };
export type Merged = { contact: ContactRow; moved: Moved; dropped: Dropped };

/**
 * Makes two contacts one, in one transaction (R50): visits, messages, conversation, waitlist, cadence and identities move to the kept one; of consents and opt-outs
 * the stricter holds. Run again it moves what came to the other one meanwhile. Throws Problem: 404, 409 for one that was merged elsewhere, 422 for one and the same.
 */
export async function mergeContacts(tx: Tx, merging: Merging): Promise<Merged> {
  const { keptId, goneId, now } = merging;
  if (keptId === goneId) throw invalidField('contact_id', 'another contact than the one that is kept');
  await findContact(tx, keptId);
  for (const hash of await findHashesOfTwo(tx, { keptId, goneId })) await lockSender(tx, hash); // a message that comes in waits, and finds its person after it
  const [kept, gone] = await lockTwo(tx, merging);
  if (!kept || !gone || kept.mergedInto !== null) throw notFound('contact');
  if (gone.mergedInto !== null && gone.mergedInto !== keptId) throw conflict('contact.merged_elsewhere');
  const dropped = gone.mergedInto === null ? await joinFacts(tx, merging) : NOTHING;
  await makeRoom(tx, merging);
  const moved = await moveToContact(tx, merging);
  await joinConversations(tx, { keptId, goneId, now });
  await joinLeadStatus(tx, { keptId, goneId, now });
  await replanVisits(tx, { contactId: keptId, lane: 0, now });
  return { contact: await findContact(tx, keptId), moved, dropped };
}

const NOTHING: Dropped = { phone: null, email: null };

/** Who they are, what they allowed and what they refused. */
async function joinFacts(tx: Tx, { keptId, goneId, by, now }: Merging): Promise<Dropped> {
  const [kept, gone] = [await findContact(tx, keptId), await findContact(tx, goneId)];
  await lockChannels(tx, kept);
  await lockChannels(tx, gone);
  const optOuts = await listOptOuts(tx, gone);
  const { source, createdAt, ...fields } = mergedPerson(kept, gone);
  await leaveShell(tx, { keptId, goneId, now });
  const after = await updateContact(tx, keptId, { ...fields, ifVersion: null, now });
  await noteOrigin(tx, { id: keptId, source, createdAt });
  await addConsents(tx, { kept: after, gone, optOuts, by, now });
  await addRefusals(tx, { kept: after, gone, optOuts, by, now });
  return dropAddresses(tx, { kept: after, gone, now });
}

/** What is not written to any more stays known as theirs by its hash alone: a STOP from the old number is theirs. */
async function dropAddresses(tx: Tx, { kept, gone, now }: Joining): Promise<Dropped> {
  const contactId = kept.id;
  await joinAliases(tx, { keptId: kept.id, goneId: gone.id });
  const [phone, email] = [gone.phoneHash !== kept.phoneHash, gone.emailHash !== kept.emailHash];
  if (phone && gone.phoneHash !== null) {
    await rememberAlias(tx, { contactId, kind: 'phone', addressHash: gone.phoneHash, now });
    await forgetDncNumber(tx, gone.phoneHash);
  }
  if (email && gone.emailHash !== null) await rememberAlias(tx, { contactId, kind: 'email', addressHash: gone.emailHash, now });
  return { phone: phone ? gone.phoneE164 : null, email: email ? gone.email : null };
}

type Joining = { kept: ContactRow; gone: ContactRow; now: Instant };

async function addConsents(tx: Tx, { kept, gone, optOuts, by, now }: Refusing): Promise<void> {
  const isSame = (mine: string | null, theirs: string | null): boolean => mine !== null && mine === theirs;
  const sameAddress = (channel: ContactChannel): boolean => {
    if (channel === 'email') return isSame(kept.emailHash, gone.emailHash);
    return isSame(kept.phoneHash, gone.phoneHash) || (channel === 'whatsapp' && kept.phoneHash === null);
  };
  const words = consentsToAdd({ kept: await listConsents(tx, kept.id), gone: await listConsents(tx, gone.id), sameAddress, now });
  await recordConsents(
    tx,
    words.map((word) => ({ ...word, id: newId(), contactId: kept.id, source: `merged from contact ${gone.id}: ${word.source}` })),
  );
  const ended = endedByOptOut(await listConsents(tx, kept.id), optOuts);
  const said = {
    granted: false,
    statement: 'An opt-out that is newer than the consent.',
    source: `merged from contact ${gone.id}: opt-out`,
    method: 'api',
    ...{ recordedBy: by, ip: null, userAgent: null },
  };
  await recordConsents(
    tx,
    ended.map((word) => ({ ...word, ...said, id: newId(), recordedAt: now })),
  );
}

type Refusing = Joining & { optOuts: Awaited<ReturnType<typeof listOptOuts>>; by: string };

/** What was refused at an address that goes is refused at the one that stays. */
async function addRefusals(tx: Tx, { kept, gone, optOuts, by, now }: Refusing): Promise<void> {
  const standing = optOuts.filter(({ liftedAt }) => liftedAt === null);
  for (const { channel, scope, source, statement, id } of standing) {
    const addressHash = optOutMovesTo(channel, { kept, gone });
    if (addressHash === null) continue;
    await suppressChannel(tx, {
      channel,
      addressHash,
      scope,
      source,
      statement,
      evidence: `opt-out ${id} of merged contact ${gone.id}`,
      recordedBy: by,
      now,
    });
  }
  if (standing.some(({ scope }) => scope === 'automated')) await noteOptedOut(tx, { contactIds: [kept.id, gone.id], now });
  if (kept.phoneHash === null || kept.phoneE164 === null || gone.phoneHash === null) return;
  const listed = await findDncNumber(tx, gone.phoneHash);
  const number = { id: newId(), numberE164: kept.phoneE164, numberHash: kept.phoneHash };
  if (listed) await insertDncNumbers(tx, [{ ...number, reason: listed.reason }], { source: 'manual', createdBy: by, now });
}

/** One cadence and one open offer for a person: the more important cadence goes on, the kept contact's offer stands. */
async function makeRoom(tx: Tx, { keptId, goneId, now }: Two & { now: Instant }): Promise<void> {
  const [mine, theirs] = [await lockActive(tx, keptId), await lockActive(tx, goneId)];
  if (mine && theirs) await stopCadence(tx, { contactId: theirs.priority > mine.priority ? keptId : goneId, reason: 'superseded', now });
  if ((await findOpenOffersOf(tx, { contactId: keptId })).length > 0) await withdrawOffers(tx, { contactId: goneId, now });
  for (const id of await findDoubleEntries(tx, { keptId, goneId })) await withdrawEntry(tx, { id, reason: 'staff', now });
}
