import type { ContactRow } from '../../db/contacts';
import { findContactsByHash } from '../../db/contacts';
import { findContactByIdentity, findWhatsAppHash, linkIdentity } from '../../db/contact-identities';
import type { Tx } from '../../db/tenancy';
import type { Instant } from '../../domain/time';
import type { InboundText } from './inbound-text';

type Asked = { event: InboundText; hashOf: (address: string) => string; now: Instant };

/** Who wrote, nobody for an unknown number, and the address by which they are reached on this channel: what they say of it holds for that one. */
export type Senders = { contacts: ContactRow[]; addressHash: string };

/**
 * The person whom the channel calls so, also until they changed their phone, else those with the number (R50). What the channel calls them is noted with
 * the person, so that the next message finds them without a number.
 */
export async function findSenders(tx: Tx, { event, hashOf, now }: Asked): Promise<Senders> {
  const { channel, identity = null } = event;
  const fromHash = hashOf(event.from);
  if (event.unverified === true) return { contacts: [], addressHash: fromHash };
  if (channel !== 'whatsapp') return { contacts: await findContactsByHash(tx, { channel, addressHash: fromHash }), addressHash: fromHash };
  const known = identity === null ? undefined : await findByIdentity(tx, { identity, hashOf });
  const contacts = known ? [known] : await findContactsByHash(tx, { channel, addressHash: fromHash });
  const [contact] = contacts;
  if (!contact) return { contacts, addressHash: fromHash };
  if (identity !== null)
    await linkIdentity(tx, { channel, externalId: identity.id, externalHash: hashOf(identity.id), contactId: contact.id, now });
  return { contacts, addressHash: (await findWhatsAppHash(tx, contact)) ?? fromHash };
}

type Known = { identity: NonNullable<InboundText['identity']>; hashOf: Asked['hashOf'] };

async function findByIdentity(tx: Tx, { identity: { id, previousId }, hashOf }: Known): Promise<ContactRow | undefined> {
  const now = await findContactByIdentity(tx, { channel: 'whatsapp', externalHash: hashOf(id) });
  if (now || previousId === null) return now;
  return findContactByIdentity(tx, { channel: 'whatsapp', externalHash: hashOf(previousId) });
}
