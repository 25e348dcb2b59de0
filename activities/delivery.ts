import { findMessage } from '../db/messages';
import { noteProcess } from '../db/processes';
import { withBusiness } from '../db/tenancy';
import { messageDeliveryProcess } from '../workflows/contracts/message-delivery';
import type { Plan, PlanInput } from '../workflows/contracts/doorbell';
import type { Deps } from './deps';
import { toNext } from './scheduling';

export type DeliveryDeps = Pick<Deps, 'db' | 'clock'>;

const OPEN = ['planned', 'held', 'sending'];

/** When a message outside any visit is to be looked at. Safe to run twice because it only notes what the row says. Throws RowMissing (final). */
export async function planDelivery({ db, clock }: DeliveryDeps, { businessId, id, atLeast, now: workflowNow }: PlanInput): Promise<Plan> {
  const { now, leadMs } = await clock.read(businessId, workflowNow);
  return withBusiness(db, businessId, async (tx) => {
    const message = await findMessage(tx, id);
    // A message has no version of its own: whoever releases one rings higher.
    const version = Math.max(1, atLeast);
    const { rule, channel, reason } = message;
    const next = OPEN.includes(message.status)
      ? { id, rule, channel, reason, sendAt: message.status === 'held' ? message.notAfter : message.sendAt }
      : undefined;
    await noteProcess(tx, {
      workflowId: messageDeliveryProcess(id).workflowId,
      version,
      next: next ? { at: next.sendAt, what: rule } : null,
      now,
      leadMs,
    });
    return { version, next: toNext(next, leadMs) };
  });
}
