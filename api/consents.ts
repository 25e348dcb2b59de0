import { v7 as newId } from 'uuid';
import { z } from 'zod';
import { findWhatsAppHash } from '../db/contact-identities';
import { lockChannels, recordConsents, type ConsentChannel, type ContactRow } from '../db/contacts';
import type { Purpose } from '../domain/message';
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
type Word = { path: string; word: { channel: ConsentChannel; purpose: Purpose; statement: string; source: string; granted: boolean } };

/** Adds consents, given or withdrawn, to the log, with who noted them and from where. Throws 422 for one that its channel cannot bear. */
export async function recordGiven(
  { tx, caller, from, now }: Pick<Call, 'tx' | 'caller' | 'from' | 'now'>,
  contact: ContactRow,
  words: Word[],
): Promise<void> {
  const hashes: Hashes = { phone: contact.phoneHash, email: contact.emailHash, whatsapp: await findWhatsAppHash(tx, contact) };
  for (const each of words) check(each, hashes);
  await lockChannels(tx, contact);
  const proof = { recordedBy: `${caller.kind}:${caller.id}`, ip: from.ip, userAgent: from.userAgent, recordedAt: now };
  await recordConsents(
    tx,
    words.map(({ word }) => ({
      id: newId(),
      contactId: contact.id,
      ...word,
      method: 'api',
      addressHash: hashOf(word.channel, hashes),
      attestationId: null,
      ...proof,
    })),
  );
}

function check({ path, word: { channel, purpose, granted } }: Word, hashes: Hashes): void {
  if (purpose === 'ai_voice' && channel !== 'voice') throw invalidField(path, 'ai_voice is a consent to calls: voice');
  // A withdrawal holds whatever is known of the person.
  if (granted && hashOf(channel, hashes) === null)
    throw invalidField(path, channel === 'email' ? 'the contact has no email' : 'the contact has no phone');
}

type Hashes = { phone: string | null; email: string | null; whatsapp: string | null };

const hashOf = (channel: ConsentChannel, hashes: Hashes): string | null =>
  channel === 'email' || channel === 'whatsapp' ? hashes[channel] : hashes.phone;
