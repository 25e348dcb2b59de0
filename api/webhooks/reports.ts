import { findContactsByHash, markUnusable, noteUnreachable } from '../../db/contacts';
import type { FailedMessage } from '../../db/inbound';
import { explainFailure } from '../../db/inbound';
import { suppressChannel } from '../../db/opt-outs';
import { holdSender } from '../../db/senders';
import { noteReport, reopenFailed } from '../../db/sending';
import type { Tx } from '../../db/tenancy';
import type { AfterRefusal } from '../../domain/after-refusal';
import { afterRefusal } from '../../domain/after-refusal';
import { assertNever } from '../../domain/assert-never';
import type { Channel } from '../../domain/message';
import type { OptOutSource } from '../../domain/suppression';
import type { Instant } from '../../domain/time';
import { plusMs } from '../../domain/time';
import type { RefusalCode } from '../../providers/errors';
import { noteAddressOptedOut } from '../cadences';
import { replanVisits, ringMessages } from '../replan';
import type { WebhookDeps } from './deps';

type Report = {
  businessId: string;
  messageId: string;
  vendor: string;
  vendorId: string;
  rank: number;
  status: 'sent' | 'delivered' | 'failed';
  refusal: RefusalCode | null;
  vendorCode: string | null;
  now: Instant;
};

/** Moves a message forward by a vendor's report; a failure acts: an opt-out at the carrier is one here too, a dead address is not tried again (B6). */
export async function applyReport(tx: Tx, deps: WebhookDeps, { businessId, messageId, refusal, ...report }: Report): Promise<void> {
  const moved = await noteReport(tx, { id: messageId, ...report });
  if (!moved || report.status !== 'failed') return;
  // Most of what carriers filter (30004, 30007) is told only here: its rate is what an operator is woken by.
  deps.metrics.reportedFailed({ vendor: report.vendor, refusal });
  const failed = await explainFailure(tx, { id: messageId, reason: null });
  if (!failed) return;
  const { attempt, contactId } = failed;
  const answer: AfterRefusal =
    refusal === null ? { kind: 'failed', reason: null, addressDead: false } : afterRefusal({ code: refusal, retryAfterMs: null }, attempt);
  await noteAnswer(tx, { failed, answer, code: report.vendorCode ?? 'unknown', now: report.now });
  const closed = contactId === null ? false : await closeAddress(tx, deps, { businessId, refusal, failed, ...report });
  // Another attempt, or another channel, may be allowed (B1); a closed address wakes all of the person's visits, this one too.
  const inPlan = failed.scheduleVersion !== null;
  if (!inPlan || !closed) await ringMessages(tx, [{ ...failed, inPlan }], { lane: 0, now: report.now });
}

type Answered = { failed: FailedMessage; answer: AfterRefusal; code: string; now: Instant };

/** What the ledger does about it is the same as if the vendor had said so at once. */
async function noteAnswer(tx: Tx, { failed: { id, fromAddress }, answer, code, now }: Answered): Promise<void> {
  switch (answer.kind) {
    case 'again':
      return reopenFailed(tx, { id, status: 'planned', reason: answer.reason ?? null, deferredUntil: plusMs(now, answer.waitMs), now });
    case 'held':
      if (fromAddress !== null) await holdSender(tx, { address: fromAddress, code, now });
      return reopenFailed(tx, { id, status: 'held', reason: answer.reason, deferredUntil: now, now });
    case 'suppressed':
      await explainFailure(tx, { id, reason: 'suppressed' });
      return;
    case 'failed':
      await explainFailure(tx, { id, reason: answer.reason });
      return;
    default:
      return assertNever(answer);
  }
}

type Closing = { businessId: string; refusal: RefusalCode | null; failed: FailedMessage; vendorCode: string | null; now: Instant };

/** What a refusal says about the address itself holds for every later message to it. Answers whether it does. */
async function closeAddress(tx: Tx, { hash }: WebhookDeps, { businessId, refusal, failed, vendorCode, now }: Closing): Promise<boolean> {
  const address = { channel: failed.channel, addressHash: hash.address(businessId, failed.toAddress ?? ''), now };
  if (refusal === 'unreachable') await noteUnreachable(tx, { ...address, code: vendorCode ?? 'unknown' });
  if (refusal !== 'suppressed' && refusal !== 'channel_unusable') return false;
  if (refusal === 'suppressed') {
    await noteAddressOptedOut(tx, address);
    await suppressChannel(tx, { ...address, source: 'carrier', evidence: `message ${failed.id}`, recordedBy: 'vendor' });
  } else await markUnusable(tx, { ...address, code: vendorCode ?? 'unknown' });
  await wakeContacts(tx, address);
  return true;
}

/** A complaint or an unsubscribe from e-mail ends e-mail to that address (R33). */
export async function applyEmailOptOut(
  tx: Tx,
  { hash }: WebhookDeps,
  { businessId, email, source, now }: { businessId: string; email: string; source: OptOutSource; now: Instant },
): Promise<void> {
  const address = { channel: 'email' as const, addressHash: hash.address(businessId, email.toLowerCase()), now };
  await noteAddressOptedOut(tx, address);
  await suppressChannel(tx, { ...address, source });
  await wakeContacts(tx, address);
}

/** Every visit ahead of the people at an address, and the cadence they are in, plans again: what they may be sent has changed. */
export async function wakeContacts(
  tx: Tx,
  { channel, addressHash, now }: { channel: Channel; addressHash: string; now: Instant },
): Promise<void> {
  const contacts = await findContactsByHash(tx, { channel, addressHash });
  await replanVisits(tx, { contactIds: contacts.map(({ id }) => id), lane: 0, now });
}
