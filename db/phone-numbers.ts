import type { Instant } from '../domain/time';
import type { Tx } from './tenancy';

/** Gives a sender's number to the business. Throws a duplicate (23505) when any business has it: inbound texts find their business by it. */
export async function insertPhoneNumber(tx: Tx, { now, ...row }: { id: string; numberE164: string; now: Instant }): Promise<void> {
  await tx('phoneNumbers').insert({ businessId: tx.raw('current_business()'), ...row, createdAt: now });
}

/**
 * The carriers refuse texts from this number: its messages are held, or go by e-mail, until the instant given. A Messaging Service (MG…) holds all numbers
 * of the business: which of them was to send is not known.
 */
export async function holdSender(tx: Tx, { sender, until }: { sender: string; until: Instant }): Promise<void> {
  const numbers = tx('phoneNumbers').update({ registrationPendingUntil: until });
  await (sender.startsWith('MG') ? numbers : numbers.where({ numberE164: sender }));
}
