import type { MessageRow } from '../db/messages';
import { findKnownVendorIds, noteAccepted, noteLook, noteUnknown, returnToPlan } from '../db/sending';
import type { Tx } from '../db/tenancy';
import { withBusiness } from '../db/tenancy';
import { hasEventSince } from '../db/webhook-events';
import type { Instant } from '../domain/time';
import { HOUR_MS, MINUTE_MS } from '../domain/time';
import type { Found } from '../providers/errors';
import { OutcomeUnclear, VendorRefused } from '../providers/errors';
import type { TextProgress } from '../providers/whatsapp/port';
import type { Deps } from './deps';
import type { Turned } from './outcomes';
import { LOOK_AFTER_MS, untilNextLook } from './outcomes';

type ResolveDeps = Pick<Deps, 'db' | 'clock' | 'sms' | 'whatsapp' | 'log'>;
type UnderWay = { businessId: string; message: MessageRow; now: Instant };

const LOOK_EVERY_MS = MINUTE_MS;
const LOOKS = 2;
/** A vendor that cannot be asked for so long leaves it to a person; a late callback may still move the message on. */
const ASK_FOR_MS = 24 * HOUR_MS;
/** SendGrid and Meta cannot be asked: their report would have come by then (providers.md 5). */
const REPORT_WAIT_MS = 5 * MINUTE_MS;

/**
 * Finds out what became of a message that was marked and never settled: its process died, or the vendor's answer was lost. It is not sent again unless
 * the vendor surely does not have it; when nobody can tell it is `unknown`, and a person is shown it.
 */
export async function resolveUnclear(deps: ResolveDeps, underWay: UnderWay): Promise<Turned | { lookAgainInMs: number }> {
  const { businessId, message, now } = underWay;
  const ageMs = Date.parse(deps.clock.system()) - Date.parse(message.markedAt ?? now);
  const about = { id: message.id, attempt: message.attempt, now };
  const inBusiness = <T>(work: (tx: Tx) => Promise<T>): Promise<T> => withBusiness(deps.db, businessId, work);
  const unknown = async (): Promise<Turned> => {
    await inBusiness((tx) => noteUnknown(tx, about));
    deps.log.error({ messageId: message.id }, 'nobody can tell whether a message was sent: a person must look');
    return { outcome: 'unknown' };
  };

  if (message.vendor !== 'twilio') return ageMs < REPORT_WAIT_MS ? { lookAgainInMs: untilNextLook(ageMs, REPORT_WAIT_MS) } : unknown();
  if (ageMs < LOOK_AFTER_MS) return { lookAgainInMs: untilNextLook(ageMs, LOOK_AFTER_MS) };
  const found = await look(deps, underWay);
  if (found === 'no_answer') return ageMs < ASK_FOR_MS ? { lookAgainInMs: LOOK_EVERY_MS } : unknown();
  if (found.found !== null) {
    const vendorId = found.found;
    await inBusiness((tx) => noteAccepted(tx, { ...about, vendorId }));
    return { outcome: 'sent' };
  }
  if (found.why !== 'none') return unknown();
  await inBusiness((tx) => noteLook(tx, about));
  if (message.looks + 1 < LOOKS) return { lookAgainInMs: LOOK_EVERY_MS };
  // Absent in both looks, and the vendor's callbacks do arrive: it never had it.
  const heard = await inBusiness((tx) => hasEventSince(tx, { provider: 'twilio', since: message.markedAt ?? now }));
  if (!heard) return unknown();
  await inBusiness((tx) => returnToPlan(tx, { ...about, deferredUntil: now, reason: null }));
  return { outcome: 'again' };
}

async function look(
  { db, sms, whatsapp, log }: ResolveDeps,
  { businessId, message, now }: UnderWay,
): Promise<Found<TextProgress> | 'no_answer'> {
  const to = message.toAddress ?? '';
  const knownVendorIds = await withBusiness(db, businessId, (tx) => findKnownVendorIds(tx, { vendor: 'twilio', toAddress: to }));
  try {
    return await (message.channel === 'whatsapp' ? whatsapp.twilio : sms).find({
      to,
      body: message.body ?? '',
      isTemplate: message.content !== null,
      markedAt: message.markedAt ?? now,
      knownVendorIds,
    });
  } catch (error) {
    if (!(error instanceof VendorRefused) && !(error instanceof OutcomeUnclear)) throw error;
    log.warn({ messageId: message.id, text: error.textForLog() }, 'the vendor could not be asked about a message');
    return 'no_answer';
  }
}
