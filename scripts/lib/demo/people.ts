import { v7 as newId } from 'uuid';
import { insertContact, recordConsents } from '../../../db/contacts';
import type { Hasher } from '../../../db/hashing';
import type { Tx } from '../../../db/tenancy';
import type { Channel, Locale } from '../../../domain/message';
import type { Instant } from '../../../domain/time';
import type { DemoPerson, DemoPlan } from './plan';

const STATEMENTS: Record<Locale, string> = {
  en: 'Yes, send me texts and e-mails about my visits. Message and data rates may apply. Reply STOP to opt out.',
  es: 'Sí, envíenme mensajes y correos sobre mis citas. Su operador puede cobrar por mensajes y datos. Responda STOP para no recibir más.',
};
/** An offer is marketing, and needs a written consent of its own (R25). */
const OFFERS = 'Yes, text me when an earlier time is free, and about offers. Message and data rates may apply. Reply STOP to opt out.';

const proofOf = (now: Instant) => ({
  ...{ source: 'form at the desk', method: 'paper', attestationId: null, recordedBy: 'demo', ip: null, userAgent: null, recordedAt: now },
});

type Adding = { plan: DemoPlan; hash: Hasher; now: Instant };

/** The demo's contacts, each with consent to texts and e-mails about visits. Answers their ids in the plan's order. */
export async function addContacts(tx: Tx, { plan, ...adding }: Adding): Promise<string[]> {
  const ids: string[] = [];
  for (const [turn, person] of plan.contacts.entries())
    ids.push(await addContact(tx, { plan, person, ...(plan.whatsapp?.preferredBy === turn && { likes: 'whatsapp' as const }), ...adding }));
  return ids;
}

/** Who `likes` WhatsApp best has agreed to it too. */
export async function addContact(
  tx: Tx,
  { plan, person, likes, hash, now }: Adding & { person: DemoPerson; likes?: 'whatsapp' },
): Promise<string> {
  const [name, phoneE164, email, locale] = person;
  const id = newId();
  const [phoneHash, emailHash] = [hash.address(plan.id, phoneE164), hash.address(plan.id, email)];
  const address = { phoneE164, phoneHash, email, emailHash, zone: null, postalCode: null };
  await insertContact(tx, { id, name, ...address, locale, preferredChannel: likes ?? null, source: 'demo', now });
  const consent = { contactId: id, purpose: 'service' as const, granted: true, statement: STATEMENTS[locale], ...proofOf(now) };
  const channels: Channel[] = ['sms', 'email', ...(likes ? [likes] : [])];
  await recordConsents(
    tx,
    channels.map((channel) => ({ id: newId(), channel, addressHash: channel === 'email' ? emailHash : phoneHash, ...consent })),
  );
  return id;
}

/** A written consent to offers by text. */
export async function agreesToOffers(tx: Tx, { now, ...about }: { contactId: string; addressHash: string; now: Instant }): Promise<void> {
  const consent = { id: newId(), channel: 'sms' as const, purpose: 'marketing' as const, granted: true, statement: OFFERS };
  await recordConsents(tx, [{ ...consent, ...about, ...proofOf(now) }]);
}
