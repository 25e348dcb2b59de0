import { leaveAtAddress } from '../db/cadence-enrolment';
import { markUnusable, noteUnreachable } from '../db/contacts';
import { suppressChannel } from '../db/opt-outs';
import type { MessageRow } from '../db/messages';
import { noteAccepted, noteRefused, returnToPlan } from '../db/sending';
import { holdSender } from '../db/senders';
import type { Tx } from '../db/tenancy';
import { withBusiness } from '../db/tenancy';
import type { AfterRefusal } from '../domain/after-refusal';
import { afterRefusal } from '../domain/after-refusal';
import { assertNever } from '../domain/assert-never';
import { bucketAfter } from '../domain/lead-status';
import type { Instant } from '../domain/time';
import { plusMs } from '../domain/time';
import type { RefusalCode } from '../providers/errors';
import { OutcomeUnclear, VendorRefused } from '../providers/errors';
import type { WhatsAppContent } from '../providers/whatsapp/port';
import { cadenceProcess } from '../workflows/contracts/cadence';
import type { Deps } from './deps';
import type { Marked, Turned } from './outcomes';
import { mailHeaders } from './mail-headers';
import { LOOK_AFTER_MS, untilNextLook } from './outcomes';

type CallDeps = Pick<Deps, 'db' | 'clock' | 'hash' | 'sms' | 'whatsapp' | 'email' | 'log' | 'publicUrl' | 'inboundEmailDomain'>;
type Call = Marked & { businessId: string; now: Instant };

/** The call begins so soon after the mark, or not at all: an attempt that was frozen must not send what another has taken up meanwhile. */
const BEGIN_WITHIN_MS = 2_000;
/** A worker that is too busy to begin in time is not asked again at once. */
const LATER_MS = 3_000;

/** Calls the vendor once for a marked message and writes down what it said. An unclear outcome stays marked and is looked into later. */
export async function callVendor(deps: CallDeps, call: Call): Promise<Turned | { lookAgainInMs: number }> {
  const { businessId, message, attempt, now } = call;
  const inBusiness = <T>(work: (tx: Tx) => Promise<T>): Promise<T> => withBusiness(deps.db, businessId, work);
  if (Date.parse(deps.clock.system()) - Date.parse(call.markedAt) > BEGIN_WITHIN_MS) {
    await inBusiness((tx) => returnToPlan(tx, { id: message.id, attempt, deferredUntil: plusMs(now, LATER_MS), reason: null, now }));
    return { outcome: 'again' };
  }
  try {
    const { vendorId, segments } = await send(deps, call);
    await inBusiness((tx) => noteAccepted(tx, { id: message.id, attempt, vendorId, segments, now }));
    return { outcome: 'sent' };
  } catch (error) {
    if (error instanceof VendorRefused) {
      deps.log.warn(
        { messageId: message.id, code: error.code, vendorCode: error.vendorCode, text: error.textForLog() },
        'the vendor refused a message',
      );
      return inBusiness((tx) =>
        refused(tx, deps, { ...call, code: error.code, answer: afterRefusal(error, attempt), vendorCode: error.vendorCode ?? error.code }),
      );
    }
    if (!(error instanceof OutcomeUnclear)) throw error;
    deps.log.warn(
      { messageId: message.id, vendorCode: error.vendorCode, why: error.why, text: error.textForLog() },
      'nobody knows yet whether a message was sent',
    );
    return { lookAgainInMs: untilNextLook(Date.parse(deps.clock.system()) - Date.parse(call.markedAt), LOOK_AFTER_MS) };
  }
}

function send(deps: CallDeps, { message, now }: Call): Promise<{ vendorId: string; segments?: number }> {
  const { id: messageId, toAddress: to, fromAddress: from, subject, body, html, notAfter } = filled(message);
  const { sms, whatsapp, email } = deps;
  const validityMs = Date.parse(notAfter) - Date.parse(now);
  switch (message.channel) {
    case 'sms':
      return sms.send({ to, from, body, messageId, validityMs });
    case 'whatsapp':
      return whatsapp[vendorOf(message)].send({ to, from, content: contentOf(message, body), messageId, validityMs });
    case 'email': {
      const sender = { email: from, name: message.fromName ?? '' };
      const mail = { to, from: sender, subject: subject ?? '', text: body, ...(html !== null && { html }), messageId };
      return email.send({ ...mail, ...mailHeaders(deps, message) });
    }
    default:
      return assertNever(message.channel);
  }
}

const vendorOf = ({ vendor }: MessageRow): 'twilio' | 'meta' => (vendor === 'meta' ? 'meta' : 'twilio');

const contentOf = ({ content }: MessageRow, body: string): WhatsAppContent =>
  content === null ? { kind: 'text', body } : { kind: 'template', ...content };

/** A marked message has its text; one without was never marked. */
function filled(message: MessageRow): MessageRow & { toAddress: string; fromAddress: string; body: string } {
  const { toAddress, fromAddress, body } = message;
  if (toAddress === null || fromAddress === null || body === null) throw new TypeError('a marked message has receiver, sender and text');
  return { ...message, toAddress, fromAddress, body };
}

type Refusal = Call & { code: RefusalCode; answer: AfterRefusal; vendorCode: string };

/** Writes down a vendor's no. What it says about the address itself holds for every later message to it. */
async function refused(tx: Tx, { hash }: CallDeps, refusal: Refusal): Promise<Turned> {
  const { businessId, message, now, code, answer, vendorCode } = refusal;
  if (message.contactId !== null) {
    const address = { channel: message.channel, addressHash: hash.address(businessId, message.toAddress ?? ''), now };
    if (code === 'unreachable') await noteUnreachable(tx, { ...address, code: vendorCode });
    // The carrier knows of an opt-out that we do not: it is one here too (R33).
    if (answer.kind === 'suppressed') {
      await leaveAtAddress(tx, address, { bucketAfter, processOf: cadenceProcess });
      await suppressChannel(tx, { ...address, source: 'carrier', evidence: `message ${message.id}`, recordedBy: 'vendor' });
    }
    if (answer.kind === 'failed' && answer.addressDead) await markUnusable(tx, { ...address, code: vendorCode });
  }
  return noteAnswer(tx, refusal);
}

async function noteAnswer(tx: Tx, { message: { id, fromAddress }, attempt, now, answer, vendorCode }: Refusal): Promise<Turned> {
  const about = { id, attempt, now, vendorCode };
  switch (answer.kind) {
    case 'again':
      await returnToPlan(tx, { id, attempt, deferredUntil: plusMs(now, answer.waitMs), reason: answer.reason ?? null, now });
      return { outcome: 'again' };
    case 'held':
      if (fromAddress !== null) await holdSender(tx, { address: fromAddress, code: vendorCode, now });
      await noteRefused(tx, { ...about, status: 'held', reason: answer.reason });
      return { outcome: 'held', reason: answer.reason };
    case 'suppressed':
      await noteRefused(tx, { ...about, status: 'skipped', reason: 'suppressed' });
      return { outcome: 'skipped', reason: 'suppressed' };
    case 'failed':
      await noteRefused(tx, { ...about, status: 'failed', reason: answer.reason });
      return { outcome: 'failed', ...(answer.reason !== null && { reason: answer.reason }) };
  }
}
