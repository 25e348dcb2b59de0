import { recordAudit } from '../db/audit';
import { recordEvent } from '../db/events-ledger';
import { findPermissionFacts, lockCap, lockContactAddresses } from '../db/permission-facts';
import { hasReservation, releaseCall, reserveCall } from '../db/call-reservations';
import type { Tx } from '../db/tenancy';
import { withBusiness } from '../db/tenancy';
import { gate } from '../domain/gate';
import type { GateAnswer } from '../domain/gate';
import { addressOf, gateFactsOf } from '../domain/permission';
import type { Reason } from '../domain/message';
import type { Instant } from '../domain/time';
import type { AskCall, CallAnswer, ReleaseCall } from '../workflows/contracts/call';
import type { Deps } from './deps';
import { dncSince, refreshDncCheck } from './dnc';

export type CallingDeps = Pick<Deps, 'db' | 'clock' | 'hash' | 'dnc' | 'log' | 'newId'>;

/**
 * Whether a call may begin now, asked before every call that leaves (R23, R51). A yes takes its place in the business's caps in the same transaction;
 * a no is in the audit log. Safe to run twice with one reservation id because a second ask finds its place taken and answers the same.
 */
export async function askCall(
  deps: CallingDeps,
  { businessId, contactId, reservationId, forTrial, notAfter, now: workflowNow }: AskCall,
): Promise<CallAnswer> {
  const { now } = await deps.clock.read(businessId, workflowNow);
  await refreshDncCheck(deps, { businessId, contactId });
  return withBusiness(deps.db, businessId, async (tx) => {
    await lockContactAddresses(tx, contactId);
    await lockCap(tx, { kind: 'calls', id: businessId });
    if (await hasReservation(tx, reservationId)) return { kind: 'call' };
    const answer = await judge(tx, deps, { contactId, reservationId, forTrial: forTrial ?? false, notAfter, now });
    if (answer.kind === 'skip') await noteBlocked(tx, deps, { contactId, reason: answer.reason, now });
    return answer.kind === 'send' ? { kind: 'call' } : answer.kind === 'defer' ? answer : { kind: 'no', reason: answer.reason };
  });
}

/** Gives the place of a call back that surely did not take place. Safe to run twice: a place is given back once. */
export async function releaseAskedCall({ db }: CallingDeps, { businessId, reservationId, now }: ReleaseCall): Promise<void> {
  await withBusiness(db, businessId, (tx) => releaseCall(tx, { id: reservationId, now }));
}

type Judged = { contactId: string; reservationId: string; forTrial: boolean; notAfter: Instant; now: Instant };

async function judge(tx: Tx, deps: CallingDeps, { contactId, reservationId, forTrial, notAfter, now }: Judged): Promise<GateAnswer> {
  const facts = await findPermissionFacts(tx, { contactId, now, dncSince: dncSince(deps) });
  if (addressOf(facts.contact, 'voice') === null) return { kind: 'skip', reason: 'no_address' };
  const asked = { now, notAfter, rule: null, messageClass: 'call' as const, channel: 'voice' as const, causedAt: null };
  const answer = gate(gateFactsOf(facts, { ...asked, spreadKey: reservationId, forTrial }));
  if (answer.kind === 'send') await reserveCall(tx, { id: reservationId, contactId, now });
  return answer;
}

type Blocked = { contactId: string; reason: Reason; now: Instant };

async function noteBlocked(tx: Tx, { newId }: CallingDeps, { contactId, reason, now }: Blocked): Promise<void> {
  await recordEvent(tx, { id: newId(), type: 'outbound_call_blocked', subjectId: contactId, payload: { reason }, now });
  await recordAudit(tx, {
    id: newId(),
    actorKind: 'system',
    actorId: 'gate',
    action: `outbound_call_blocked(${reason})`,
    subjectKind: 'contact',
    subjectId: contactId,
    changes: { fields: [] },
    requestId: null,
    now,
  });
}
