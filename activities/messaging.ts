import { ApplicationFailure } from '@temporalio/activity';
import type { MessageRow, Skip } from '../db/messages';
import { dropMessage, findMessage, skipMessage } from '../db/messages';
import type { Deferral } from '../db/sending';
import { deferMessage, holdMessage, markSending } from '../db/sending';
import type { Tx } from '../db/tenancy';
import { withBusiness } from '../db/tenancy';
import type { Decision as GateDecision } from '../domain/decision';
import { decisionOf } from '../domain/decision';
import { gate } from '../domain/gate';
import type { Instant } from '../domain/time';
import { plusMs } from '../domain/time';
import type { SendInput } from '../workflows/contracts/doorbell';
import { callVendor } from './calling-vendor';
import type { Deps } from './deps';
import { refreshDncCheck } from './dnc';
import { resolveUnclear } from './resolving';
import { readTurn } from './turn';
import type { Marked, Turned } from './outcomes';
import type { Turn } from './turn';
import { vendorWait } from './vendor-turn';

export type MessagingDeps = Pick<
  Deps,
  | 'db'
  | 'clock'
  | 'hash'
  | 'sms'
  | 'whatsapp'
  | 'email'
  | 'log'
  | 'publicUrl'
  | 'inboundEmailDomain'
  | 'defaultFromNumber'
  | 'fromEmail'
  | 'dnc'
  | 'vendorWaitMs'
  | 'handedOver'
>;

type Decision = { kind: 'done'; turned: Turned } | { kind: 'marked'; marked: Marked } | { kind: 'underWay'; message: MessageRow };

/**
 * A message's turn, the one path out (architecture.md, Sending exactly once): facts read again under lock, gate, ledger's mark, vendor once.
 * Safe to run twice because the mark is taken by one transaction only, and a message found marked is never sent again before the vendor was asked.
 */
export async function sendMessage(deps: MessagingDeps, { businessId, messageId, now: workflowNow }: SendInput): Promise<Turned> {
  const { now } = await deps.clock.read(businessId, workflowNow);
  if (deps.dnc !== null) await askList(deps, { businessId, messageId });
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

/** Only what advertises is asked about (R23); the answer is kept before the turn begins, so that no lock waits for a vendor. */
async function askList(deps: MessagingDeps, { businessId, messageId }: Omit<SendInput, 'now'>): Promise<void> {
  const { messageClass, contactId, channel } = await withBusiness(deps.db, businessId, (tx) => findMessage(tx, messageId));
  if (messageClass === 'marketing' && contactId !== null && channel !== 'email') await refreshDncCheck(deps, { businessId, contactId });
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
  if (turn.kind === 'skip') return skip(tx, { id: messageId, reason: turn.reason, decision: null, now });
  if (turn.sendAt > now) return done({ outcome: 'not_due' });
  const answer = gate(turn.gateFacts);
  const decision = decisionOf(answer, turn.gateFacts);
  switch (answer.kind) {
    case 'skip':
      return skip(tx, { id: messageId, reason: answer.reason, decision, now });
    case 'hold':
      await holdMessage(tx, { id: messageId, reason: answer.reason, decision, now });
      return done({ outcome: 'held', reason: answer.reason });
    case 'defer':
      return defer(tx, { id: messageId, until: answer.until, reason: answer.reason, decision, now });
    case 'send':
      return mark(tx, deps, { businessId, message, turn, decision, now });
  }
}

const done = (turned: Turned): Decision => ({ kind: 'done', turned });

async function skip(tx: Tx, skipped: Skip): Promise<Decision> {
  await skipMessage(tx, skipped);
  return done({ outcome: 'skipped', reason: skipped.reason });
}

async function defer(tx: Tx, deferral: Deferral): Promise<Decision> {
  await deferMessage(tx, deferral);
  return done({ outcome: 'deferred', reason: deferral.reason });
}

type Ready = { businessId: string; message: MessageRow; turn: Extract<Turn, { kind: 'ready' }>; decision: GateDecision; now: Instant };

async function mark(tx: Tx, deps: MessagingDeps, { businessId, message, turn, decision, now }: Ready): Promise<Decision> {
  const text = await turn.compose();
  const wait = await vendorWait(tx, deps, { businessId, message, text });
  if (wait) {
    const until = plusMs(now, wait.waitMs);
    if (until >= message.notAfter) return skip(tx, { id: message.id, reason: 'too_late', decision, now });
    return defer(tx, { id: message.id, until, reason: wait.reason, decision, now });
  }
  const markedAt = deps.clock.system();
  const attempt = await markSending(tx, { id: message.id, ...toKeep(text, turn.secret), decision, markedAt, now });
  deps.handedOver({ channel: message.channel, lateMs: Date.parse(now) - Date.parse(instantOf(message, turn.sendAt)) });
  return { kind: 'marked', marked: { message: { ...message, ...text, attempt, status: 'sending', markedAt }, attempt, markedAt } };
}

/** What the ledger keeps of a text: no secret that opens a door. */
function toKeep<Text extends { body: string; html: string | null }>(text: Text, secret: string | undefined): Text {
  if (secret === undefined) return text;
  return { ...text, body: text.body.replaceAll(secret, '…'), html: text.html?.replaceAll(secret, '…') ?? null };
}

/** When it should have gone: a wait for a vendor or a sender is lateness, a wait for the morning is not. */
const instantOf = ({ reason, dueAt }: MessageRow, sendAt: Instant): Instant =>
  reason === 'vendor_down' || reason === 'sender_busy' ? dueAt : sendAt;
