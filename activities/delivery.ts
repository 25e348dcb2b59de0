import { findChain } from '../db/messages';
import { noteProcess } from '../db/processes';
import { withBusiness } from '../db/tenancy';
import { messageDeliveryProcess } from '../workflows/contracts/message-delivery';
import type { Plan, PlanInput } from '../workflows/contracts/doorbell';
import type { Deps } from './deps';
import { planFallback } from './fallback';
import { toNext } from './scheduling';

export type DeliveryDeps = Pick<Deps, 'db' | 'clock' | 'newId' | 'dnc'>;

const OPEN = ['planned', 'held', 'sending'];

/**
 * When a message outside any visit is to be looked at, and over which channel it goes on when the one before refused it. Safe to run twice because the
 * next channel's row has a send_key of its own. Throws RowMissing (final).
 */
export async function planDelivery(deps: DeliveryDeps, { businessId, id, atLeast, now: workflowNow }: PlanInput): Promise<Plan> {
  const { now, leadMs } = await deps.clock.read(businessId, workflowNow);
  return withBusiness(deps.db, businessId, async (tx) => {
    const chain = await findChain(tx, id);
    // A message has no version of its own: whoever releases one rings higher.
    const version = Math.max(1, atLeast);
    const open = chain.find(({ status }) => OPEN.includes(status)) ?? (await planFallback(tx, deps, { chain, now }));
    const next = open && {
      id: open.id,
      rule: open.rule,
      channel: open.channel,
      reason: open.reason,
      sendAt: open.status === 'held' ? open.notAfter : open.sendAt,
    };
    await noteProcess(tx, {
      workflowId: messageDeliveryProcess(id).workflowId,
      version,
      next: next ? { at: next.sendAt, what: next.rule } : null,
      now,
      leadMs,
    });
    return { version, next: toNext(next, leadMs) };
  });
}
