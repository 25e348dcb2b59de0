import type { MessageRow } from '../db/messages';
import { savePlanned } from '../db/messages';
import { findPermissionFacts } from '../db/permission-facts';
import type { Tx } from '../db/tenancy';
import type { PlanOutcome } from '../domain/appointment-facts';
import { nextChannel } from '../domain/delivery-route';
import type { Channel } from '../domain/message';
import { reachOf } from '../domain/reach';
import type { Instant } from '../domain/time';
import type { Deps } from './deps';
import { dncSince } from './dnc';

type Refused = { chain: MessageRow[]; now: Instant; order?: readonly Channel[] };
type Planned = Pick<MessageRow, 'id' | 'rule' | 'channel' | 'status' | 'reason' | 'sendAt' | 'notAfter'>;

/**
 * Plans a message outside any visit on its next channel, after a definite refusal of all before (B1, R41). Nothing for staff, and for what is too late. `chain`:
 * the message with those that took another channel after it, locked; `order`: of its own channels, if not the usual one.
 */
export async function planFallback(
  tx: Tx,
  deps: Pick<Deps, 'newId' | 'dnc' | 'clock'>,
  { chain, now, order }: Refused,
): Promise<Planned | undefined> {
  const [first] = chain;
  if (!first || first.contactId === null || first.sendKey === null || now >= first.notAfter) return undefined;
  const permission = await findPermissionFacts(tx, { contactId: first.contactId, now, dncSince: dncSince(deps) });
  const reach = reachOf(permission, { messageClass: first.messageClass === 'marketing' ? 'marketing' : 'reminder', now });
  const { rule, messageClass, appointmentId, contactId, facts, dueAt, notAfter } = first;
  const way = nextChannel({ rule, first: first.channel, reach, rows: chain.map(toOutcome), ...(order && { order }) });
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
