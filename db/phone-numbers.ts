import type { Instant } from '../domain/time';
import type { Tx } from './tenancy';

/** Gives a sender's number to the business. Throws a duplicate (23505) when any business has it: inbound texts find their business by it. */
export async function insertPhoneNumber(tx: Tx, { now, ...row }: { id: string; numberE164: string; now: Instant }): Promise<void> {
  await tx('phoneNumbers').insert({ businessId: tx.raw('current_business()'), ...row, createdAt: now });
}

/** The carriers refuse texts from this number: its messages are held, or go by e-mail, until the instant given. */
export async function holdSender(tx: Tx, { numberE164, until }: { numberE164: string; until: Instant }): Promise<void> {
  await tx('phoneNumbers').where({ numberE164 }).update({ registrationPendingUntil: until });
}
