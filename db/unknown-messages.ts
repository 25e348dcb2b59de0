import type { Resolution } from '../domain/message';
import type { Instant } from '../domain/time';
import { bookCost } from './prices';
import type { Tx } from './tenancy';

export type Deciding = { id: string; decision: Resolution; now: Instant };

/**
 * What a person decided about a message of which nobody knows whether it was sent. Only while it is `unknown`: a vendor's report that came first has settled
 * it, and one that comes after `send_again` and before the new attempt ends that too (noteReport). Answers whether it was still unknown.
 */
export async function decideUnknown(tx: Tx, { id, decision, now }: Deciding): Promise<boolean> {
  const changed = await tx('messages')
    .where({ id, status: 'unknown' })
    .update({ ...effectOf(tx, decision, now), resolution: decision, resolvedAt: now, updatedAt: now });
  if (changed > 0 && decision === 'it_was_sent') await bookCost(tx, { id, now });
  return changed > 0;
}

function effectOf(tx: Tx, decision: Resolution, now: Instant): Record<string, unknown> {
  switch (decision) {
    case 'it_was_sent':
      return { status: 'sent', sentAt: tx.raw('coalesce(sent_at, settled_at)') };
    case 'send_again':
      // A new attempt on the same row: facts, gate and mark as ever.
      return { status: 'planned', reason: null, settledAt: null, sendAt: now, deferredUntil: now };
    case 'leave_it':
      return {};
  }
}
