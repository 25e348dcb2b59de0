import type { Instant } from '../domain/time';
import type { Tx } from './tenancy';

// Links to log in. The secret is made from the message's id when it is written and when it comes back: it is stored nowhere.

/** Puts a link beside the message that will carry it. */
export async function insertSignInLink(
  tx: Tx,
  row: { messageId: string; userId: string; createdAt: Instant; expiresAt: Instant },
): Promise<void> {
  await tx('signInLinks').insert({ businessId: tx.raw('current_business()'), ...row });
}

type LinkAt = { messageId: string; now: Instant };

const good = (tx: Tx, { messageId, now }: LinkAt) =>
  tx('signInLinks').where({ messageId }).whereNull('usedAt').where('expiresAt', '>', now);

/** Who may log in by it now; undefined when it was used, has run out or never was. */
export async function findSignInLink(tx: Tx, link: LinkAt): Promise<{ userId: string } | undefined> {
  const [row] = await good(tx, link).select<{ userId: string }[]>('userId');
  return row;
}

/** Uses it, once: of two that try at the same moment one gets undefined. */
export async function spendSignInLink(tx: Tx, link: LinkAt): Promise<{ userId: string } | undefined> {
  const [row] = await good(tx, link).update({ usedAt: link.now }).returning<{ userId: string }[]>('userId');
  return row;
}

/** All that somebody has not used: where sessions are ended, no link that lies in a mailbox may open a new one. */
export async function spendOtherSignInLinks(tx: Tx, { userId, now }: { userId: string; now: Instant }): Promise<void> {
  await tx('signInLinks').where({ userId }).whereNull('usedAt').update({ usedAt: now });
}
