import type { CarrierConsentFacts } from '../db/carrier-consents';
import { findCarrierConsent, noteTold } from '../db/carrier-consents';
import { ring } from '../db/doorbell';
import { lockOptOuts } from '../db/opt-outs';
import { noteProcess } from '../db/processes';
import type { Tx } from '../db/tenancy';
import { withBusiness } from '../db/tenancy';
import { closedChannels } from '../domain/suppression';
import type { Instant } from '../domain/time';
import { MINUTE_MS, plusMs } from '../domain/time';
import type { RefusalCode } from '../providers/errors';
import { VendorRefused } from '../providers/errors';
import { carrierConsentProcess } from '../workflows/contracts/carrier-consent';
import type { Plan, PlanInput, SendInput } from '../workflows/contracts/doorbell';
import { messageDeliveryProcess } from '../workflows/contracts/message-delivery';
import type { Deps } from './deps';

export type CarrierDeps = Pick<Deps, 'db' | 'clock' | 'hash' | 'log' | 'carrierConsents'>;

type Facts = CarrierConsentFacts & { optedOut: boolean };

/** Our confirmation goes first: once the carrier blocks, it would be refused. So long it is waited for, then the carrier is told all the same. */
const ACK_WAIT_MS = 5 * MINUTE_MS;
const LOOK_EVERY_MS = 5_000;

/** When the vendor is to be told of an opt-out or a return. Safe to run twice because it only notes what the rows say. Throws RowMissing (final). */
export async function planCarrierConsent(deps: CarrierDeps, { businessId, id, atLeast, now: workflowNow }: PlanInput): Promise<Plan> {
  const { now, leadMs } = await deps.clock.read(businessId, workflowNow);
  return withBusiness(deps.db, businessId, async (tx) => {
    const facts = await readFacts(tx, deps, { businessId, id, now });
    const version = Math.max(facts.version, atLeast);
    const at = isDone(facts) ? null : waitsForAck(facts, now) ? plusMs(now, LOOK_EVERY_MS) : now;
    const { workflowId } = carrierConsentProcess(id);
    await noteProcess(tx, { workflowId, version, next: at === null ? null : { at, what: WHAT }, now, leadMs });
    return { version, next: at === null ? null : { messageId: id, queue: 'sms', what: WHAT, wakeAt: plusMs(at, -leadMs) } };
  });
}

const WHAT = 'tell the carrier';

/**
 * Tells the vendor what holds now for the number of a text, then lets the answer to somebody who came back go out. Safe to run twice because it sets a state
 * rather than adding one, and reads it anew: of two texts in a row the last word is told, whichever is told last.
 */
export async function tellCarrier(
  deps: CarrierDeps,
  { businessId, messageId: id, now: workflowNow }: SendInput,
): Promise<'told' | 'refused' | 'waits' | 'done'> {
  const { now } = await deps.clock.read(businessId, workflowNow);
  const facts = await withBusiness(deps.db, businessId, (tx) => readFacts(tx, deps, { businessId, id, now }));
  if (isDone(facts)) return 'done';
  if (waitsForAck(facts, now)) return 'waits';
  const refusedCode = await tell(deps, facts);
  await withBusiness(deps.db, businessId, async (tx) => {
    const told = await noteTold(tx, { id, refusedCode, now });
    if (told && !facts.optedOut && facts.ackMessageId !== null)
      await ring(tx, { ...messageDeliveryProcess(facts.ackMessageId), version: 1, now });
  });
  return refusedCode === null ? 'told' : 'refused';
}

type About = { businessId: string; id: string; now: Instant };

async function readFacts(tx: Tx, { hash }: CarrierDeps, { businessId, id, now }: About): Promise<Facts> {
  const facts = await findCarrierConsent(tx, id);
  const optOuts = await lockOptOuts(tx, hash.address(businessId, facts.person ?? ''));
  return { ...facts, optedOut: closedChannels(optOuts, { messageClass: 'reminder', now }).includes('sms') };
}

/** An erased person's number is gone: their block stays as it is. */
const isDone = ({ toldAt, person, ours }: Facts): boolean => toldAt !== null || person === null || ours === null;

const waitsForAck = ({ optedOut, ackOpen, createdAt }: Facts, now: Instant): boolean =>
  optedOut && ackOpen && now < plusMs(createdAt, ACK_WAIT_MS);

/** Answers the vendor's code when it will not have it, null when it is told. Throws what is worth another try. */
async function tell({ carrierConsents, log }: CarrierDeps, { id, person, ours, optedOut, createdAt }: Facts): Promise<string | null> {
  try {
    await carrierConsents.tell({ person: person ?? '', ours: ours ?? '', optedOut, saidAt: createdAt, correlationId: id });
    return null;
  } catch (error) {
    if (!(error instanceof VendorRefused) || LATER.includes(error.code)) throw error;
    log.error({ messageId: id, vendorCode: error.vendorCode, text: error.textForLog() }, 'the carrier could not be told of an opt-out');
    return error.vendorCode ?? error.code;
  }
}

const LATER: readonly RefusalCode[] = ['rate_limited', 'sender_throttled', 'vendor_down'];
