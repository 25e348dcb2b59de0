import { v7 as newId } from 'uuid';
import { z } from 'zod';
import { findWhatsAppHash } from '../db/contact-identities';
import { lockChannels, recordConsents, type ConsentRow, type ContactRow } from '../db/contacts';
import type { ContactChannel, Purpose } from '../domain/message';
import { CONSENT_CHANNELS, PURPOSES } from './presenters/contact';
import { invalidField } from './problem';
import type { Call } from './route';
import { text } from './wire';

/** One person's word about one channel and purpose: what they were told, and where it was given (R25). */
export const consentIn = z.strictObject({
  channel: z.enum(CONSENT_CHANNELS),
  purpose: z.enum(PURPOSES),
  statement: text(2_000).meta({ example: 'Yes, text me about my visits.' }),
  source: text(200).meta({ example: 'booking form' }),
});

/** One word, and where it stands in the request, for the answer to a wrong one. */
type Word = { path: string; word: { channel: ContactChannel; purpose: Purpose; statement: string; source: string; granted: boolean } };

type Noted = Pick<Call, 'tx' | 'caller' | 'from' | 'now'>;

/** Adds consents, given or withdrawn, to the log, with who noted them and from where. Throws 422 for one that its channel cannot bear. */
export async function recordGiven(call: Noted, contact: ContactRow, words: Word[]): Promise<void> {
  const whatsappHash = await findWhatsAppHash(call.tx, contact);
  for (const each of words) check(each, { contact, whatsappHash });
  await lockChannels(call.tx, contact);
  await recordConsents(
    call.tx,
    words.map(({ word }) => consentRow(call, { contact, whatsappHash }, word)),
  );
}

/** Whom a consent is about, and by what WhatsApp reaches them. */
type About = { contact: ContactRow; whatsappHash: string | null };

/** A line of the log, with who noted it and from where. */
export const consentRow = ({ caller, from, now }: Noted, about: About, word: Word['word']): ConsentRow => ({
  id: newId(),
  contactId: about.contact.id,
  ...word,
  method: 'api',
  addressHash: hashOf(word.channel, about),
  attestationId: null,
  recordedBy: `${caller.kind}:${caller.id}`,
  ip: from.ip,
  userAgent: from.userAgent,
  recordedAt: now,
});

function check({ path, word: { channel, purpose, granted } }: Word, about: About): void {
  if (purpose === 'ai_voice' && channel !== 'voice') throw invalidField(path, 'ai_voice is a consent to calls: voice');
  // A withdrawal holds whatever is known of the person.
  if (granted && hashOf(channel, about) === null)
    throw invalidField(path, channel === 'email' ? 'the contact has no email' : 'the contact has no phone');
}

function hashOf(channel: ContactChannel, { contact, whatsappHash }: About): string | null {
  if (channel === 'email') return contact.emailHash;
  return channel === 'whatsapp' ? whatsappHash : contact.phoneHash;
}
