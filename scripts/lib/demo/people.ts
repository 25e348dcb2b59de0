import { v7 as newId } from 'uuid';
import { insertContact, recordConsents } from '../../../db/contacts';
import type { Hasher } from '../../../db/hashing';
import type { Tx } from '../../../db/tenancy';
import type { Locale } from '../../../domain/message';
import type { Instant } from '../../../domain/time';
import type { DemoPlan } from './plan';

const STATEMENTS: Record<Locale, string> = {
  en: 'Yes, send me texts and e-mails about my visits. Message and data rates may apply. Reply STOP to opt out.',
  es: 'Sí, envíenme mensajes y correos sobre mis citas. Su operador puede cobrar por mensajes y datos. Responda STOP para no recibir más.',
};

/** The demo's contacts, each with consent to texts and e-mails about visits. Answers their ids in the plan's order. */
export async function addContacts(tx: Tx, { plan, hash, now }: { plan: DemoPlan; hash: Hasher; now: Instant }): Promise<string[]> {
  const ids: string[] = [];
  for (const [name, phoneE164, email, locale] of plan.contacts) {
    const id = newId();
    const [phoneHash, emailHash] = [hash.address(plan.id, phoneE164), hash.address(plan.id, email)];
    const address = { phoneE164, phoneHash, email, emailHash, zone: null, postalCode: null };
    await insertContact(tx, { id, name, ...address, locale, source: 'demo', now });
    const consent = {
      contactId: id,
      purpose: 'service' as const,
      granted: true,
      statement: STATEMENTS[locale],
      source: 'form at the desk',
    };
    const proof = { method: 'paper', attestationId: null, recordedBy: 'demo', ip: null, userAgent: null, recordedAt: now };
    await recordConsents(tx, [
      { id: newId(), channel: 'sms', addressHash: phoneHash, ...consent, ...proof },
      { id: newId(), channel: 'email', addressHash: emailHash, ...consent, ...proof },
    ]);
    ids.push(id);
  }
  return ids;
}
