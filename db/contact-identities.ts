import type { Instant } from '../domain/time';
import type { ContactRow } from './contacts';
import type { Tx } from './tenancy';

/** By what a channel knows a person when it shows no number: WhatsApp's own id for them at this business. */
export type Identity = { channel: 'whatsapp'; externalId: string; externalHash: string };

/** The person behind an identity, or undefined. It is looked at before any number (R50). */
export async function findContactByIdentity(
  tx: Tx,
  { channel, externalHash }: Pick<Identity, 'channel' | 'externalHash'>,
): Promise<ContactRow | undefined> {
  const [row] = await tx('contacts')
    .whereIn('id', tx('contactIdentities').where({ channel, externalHash }).select('contactId'))
    .select<ContactRow[]>('*');
  return row;
}

/** Notes who is behind an identity, and makes the row that a STOP and a send lock against each other. The first to say so is right. */
export async function linkIdentity(tx: Tx, { contactId, now, ...identity }: Identity & { contactId: string; now: Instant }): Promise<void> {
  await tx('contactIdentities')
    .insert({ businessId: tx.raw('current_business()'), ...identity, contactId, createdAt: now })
    .onConflict(['businessId', 'channel', 'externalHash'])
    .ignore();
  await tx('contactChannels')
    .insert({ businessId: tx.raw('current_business()'), channel: identity.channel, addressHash: identity.externalHash })
    .onConflict(['businessId', 'channel', 'addressHash'])
    .ignore();
}

/** Takes back who was said to be behind an identity at that moment; what was known before, or came since, stays. Answers whether it was so. */
export async function unlinkIdentity(
  tx: Tx,
  { channel, externalHash, contactId, linkedAt }: Pick<Identity, 'channel' | 'externalHash'> & { contactId: string; linkedAt: Instant },
): Promise<boolean> {
  const gone = await tx('contactIdentities').where({ channel, externalHash, contactId, createdAt: linkedAt }).delete();
  return gone > 0;
}

/** The hash by which WhatsApp reaches a person: the number's, else that of the newest identity; null for neither. */
export async function findWhatsAppHash(tx: Tx, { id, phoneHash }: Pick<ContactRow, 'id' | 'phoneHash'>): Promise<string | null> {
  if (phoneHash !== null) return phoneHash;
  const [row] = await tx('contactIdentities')
    .where({ contactId: id, channel: 'whatsapp' })
    .orderBy([{ column: 'createdAt', order: 'desc' }, 'externalHash'])
    .limit(1)
    .select<{ externalHash: string }[]>('externalHash');
  return row?.externalHash ?? null;
}
