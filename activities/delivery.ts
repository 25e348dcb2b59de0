import type { MessageRow } from '../db/messages';
import { findChain, savePlanned } from '../db/messages';
import { findPermissionFacts } from '../db/permission-facts';
import { noteProcess } from '../db/processes';
import type { Tx } from '../db/tenancy';
import { withBusiness } from '../db/tenancy';
import type { PlanOutcome } from '../domain/appointment-facts';
import { nextChannel } from '../domain/delivery-route';
import { reachOf } from '../domain/reach';
import type { Instant } from '../domain/time';
import { messageDeliveryProcess } from '../workflows/contracts/message-delivery';
import type { Plan, PlanInput } from '../workflows/contracts/doorbell';
import type { Deps } from './deps';
import { dncSince } from './dnc';
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

type Fallback = { chain: MessageRow[]; now: Instant };
type Planned = Pick<MessageRow, 'id' | 'rule' | 'channel' | 'status' | 'reason' | 'sendAt' | 'notAfter'>;

/** Plans the message on its next channel, after a definite refusal of all before. Nothing for staff, and for what is too late. */
async function planFallback(tx: Tx, deps: DeliveryDeps, { chain, now }: Fallback): Promise<Planned | undefined> {
  const [first] = chain;
  if (!first || first.contactId === null || first.sendKey === null || now >= first.notAfter) return undefined;
  const permission = await findPermissionFacts(tx, { contactId: first.contactId, now, dncSince: dncSince(deps) });
  const reach = reachOf(permission, { messageClass: first.messageClass === 'marketing' ? 'marketing' : 'reminder', now });
  const { rule, messageClass, appointmentId, contactId, facts, dueAt, notAfter } = first;
  const way = nextChannel({ rule, first: first.channel, reach, rows: chain.map(toOutcome) });
  if (!way) return undefined;
  const row = {
    ...{ id: deps.newId(), firstId: first.id, sendKey: `${first.sendKey}/then/${way.channel}`, appointmentId, contactId, staffId: null },
    ...{ rule, messageClass, channel: way.channel, fallback: way.fallback, scheduleVersion: null, facts },
    ...{ status: 'planned' as const, reason: null, dueAt, sendAt: now, notAfter },
  };
  await savePlanned(tx, [row], now);
  return row;
}

const toOutcome = ({ rule, channel, contactId, status, reason, settledAt }: MessageRow): PlanOutcome => ({
  rule,
  channel,
  recipientId: contactId ?? '',
  scheduleVersion: 0,
  change: null,
  status: status === 'received' ? 'unknown' : status,
  reason,
  settled: settledAt !== null,
});
