import type { ContactRow } from '../db/contacts';
import { findChannels, listConsents } from '../db/contacts';
import { findWhatsAppHash } from '../db/contact-identities';
import { findOptOuts } from '../db/opt-outs';
import type { Tx } from '../db/tenancy';
import type { Instant } from '../domain/time';
import { presentChannels, presentContact } from './presenters/contact';

/** A contact with what its addresses may be used for. */
export async function contactDetail(tx: Tx, contact: ContactRow, now: Instant) {
  const [channels, optOuts, consents] = [
    await findChannels(tx, contact),
    await findOptOuts(tx, contact),
    await listConsents(tx, contact.id),
  ];
  const whatsappHash = await findWhatsAppHash(tx, contact);
  return { ...presentContact(contact), channels: presentChannels(contact, { whatsappHash, channels, optOuts, consents, now }) };
}
