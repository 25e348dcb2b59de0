import { ApplicationFailure } from '@temporalio/activity';
import type { MessageRow } from '../db/messages';
import { dropMessage, findMessage, skipMessage } from '../db/messages';
import type { Deferral } from '../db/sending';
import { deferMessage, holdMessage, markSending } from '../db/sending';
import type { Tx } from '../db/tenancy';
import { withBusiness } from '../db/tenancy';
import { gate } from '../domain/gate';
import type { Reason } from '../domain/message';
import type { Instant } from '../domain/time';
import { plusMs } from '../domain/time';
import type { SendInput } from '../workflows/contracts/doorbell';
import { callVendor } from './calling-vendor';
import type { Deps } from './deps';
import { resolveUnclear } from './resolving';
import { readTurn } from './turn';
import type { Marked, Turned } from './outcomes';
import type { Turn } from './turn';
import { vendorWait } from './vendor-turn';

export type MessagingDeps = Pick<
  Deps,
  'db' | 'clock' | 'hash' | 'sms' | 'email' | 'log' | 'publicUrl' | 'defaultFromNumber' | 'fromEmail' | 'vendorWaitMs' | 'handedOver'
>;

type Decision = { kind: 'done'; turned: Turned } | { kind: 'marked'; marked: Marked } | { kind: 'underWay'; message: MessageRow };

/**
 * A message's turn, the one path out (architecture.md, Sending exactly once): facts read again under lock, gate, ledger's mark, vendor once.
 * Safe to run twice because the mark is taken by one transaction only, and a message found marked is never sent again before the vendor was asked.
 */
export async function sendMessage(deps: MessagingDeps, { businessId, messageId, now: workflowNow }: SendInput): Promise<Turned> {
  const { now } = await deps.clock.read(businessId, workflowNow);
  const decision = await withBusiness(deps.db, businessId, (tx) => decide(tx, deps, { businessId, messageId, now }));
  switch (decision.kind) {
    case 'done':
      return decision.turned;
    case 'marked':
      return afterCall(await callVendor(deps, { businessId, now, ...decision.marked }));
    case 'underWay':
      return afterCall(await resolveUnclear(deps, { businessId, now, message: decision.message }));
  }
}

/** An outcome that is not clear yet is looked at again by this activity's next attempt, at the time the ledger needs. */
function afterCall(answer: Turned | { lookAgainInMs: number }): Turned {
  if ('outcome' in answer) return answer;
  throw ApplicationFailure.create({ type: 'outcome_unclear', message: 'outcome_unclear', nextRetryDelay: answer.lookAgainInMs });
}

/** One transaction: what stands in the way of sending now, or the mark. Everything is read after the locks are taken. */
async function decide(tx: Tx, deps: MessagingDeps, { businessId, messageId, now }: SendInput): Promise<Decision> {
  const message = await findMessage(tx, messageId, 'forUpdate');
  if (message.status === 'sending') return { kind: 'underWay', message };
  if (message.status !== 'planned' && message.status !== 'held') return done({ outcome: 'settled' });

  const turn = await readTurn(tx, deps, { businessId, message, now });
  if (turn.kind === 'drop') {
    // The plan names it no longer; a later one may again.
    await dropMessage(tx, { id: messageId, reason: turn.reason, now });
    return done({ outcome: 'skipped', reason: turn.reason });
  }
  if (turn.kind === 'skip') return skip(tx, { id: messageId, reason: turn.reason, now });
  if (turn.sendAt > now) return done({ outcome: 'not_due' });
  const answer = gate(turn.gateFacts);
  switch (answer.kind) {
    case 'skip':
      return skip(tx, { id: messageId, reason: answer.reason, now });
    case 'hold':
      await holdMessage(tx, { id: messageId, reason: answer.reason, now });
      return done({ outcome: 'held', reason: answer.reason });
    case 'defer':
      return defer(tx, { id: messageId, until: answer.until, reason: answer.reason, now });
    case 'send':
      return mark(tx, deps, { businessId, message, turn, now });
  }
}

const done = (turned: Turned): Decision => ({ kind: 'done', turned });

async function skip(tx: Tx, skipped: { id: string; reason: Reason; now: Instant }): Promise<Decision> {
  await skipMessage(tx, skipped);
  return done({ outcome: 'skipped', reason: skipped.reason });
}

async function defer(tx: Tx, deferral: Deferral): Promise<Decision> {
  await deferMessage(tx, deferral);
  return done({ outcome: 'deferred', reason: deferral.reason });
}

type Ready = { businessId: string; message: MessageRow; turn: Extract<Turn, { kind: 'ready' }>; now: Instant };

async function mark(tx: Tx, deps: MessagingDeps, { businessId, message, turn, now }: Ready): Promise<Decision> {
  const text = turn.compose();
  const wait = await vendorWait(tx, deps, { businessId, message, text });
  if (wait) {
    const until = plusMs(now, wait.waitMs);
    if (until >= message.notAfter) return skip(tx, { id: message.id, reason: 'too_late', now });
    return defer(tx, { id: message.id, until, reason: wait.reason, now });
  }
  const markedAt = deps.clock.system();
  const attempt = await markSending(tx, { id: message.id, ...text, markedAt, now });
  deps.handedOver({ channel: message.channel, lateMs: Date.parse(now) - Date.parse(instantOf(message, turn.sendAt)) });
  return { kind: 'marked', marked: { message: { ...message, ...text, attempt, status: 'sending', markedAt }, attempt, markedAt } };
}

/** When it should have gone: a wait for a vendor or a sender is lateness, a wait for the morning is not. */
const instantOf = ({ reason, dueAt }: MessageRow, sendAt: Instant): Instant =>
  reason === 'vendor_down' || reason === 'sender_busy' ? dueAt : sendAt;
