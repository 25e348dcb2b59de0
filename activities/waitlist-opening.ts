import { RowMissing } from '../db/errors';
import type { FreedSlotRow } from '../db/freed-slots';
import { findSlotFacts, type SlotFactsRow, type SlotQuestion } from '../db/slot-facts';
import type { Tx } from '../db/tenancy';
import type { Instant } from '../domain/time';
import { DAY_MS, plusMs } from '../domain/time';
import type { Opening } from '../domain/waitlist';
import { openingAt } from '../domain/waitlist';

/** One look at a slot: it stands still, by its lock, until the transaction ends. */
export type SlotLook = { slot: FreedSlotRow; now: Instant; newId: () => string };

/** Whether a freed slot can still be had, and from whom; null: it is taken, or the service is no longer offered. `now` decides which holds have run out. */
export async function findOpening(tx: Tx, { serviceId, staffId, startsAt }: FreedSlotRow, now: Instant): Promise<Opening | null> {
  const facts = await findSlotsNow(tx, { serviceId, staffId, from: startsAt, to: plusMs(startsAt, DAY_MS), now, ignoreId: null });
  return facts === null ? null : openingAt(facts, { serviceId, startsAt, now });
}

/** What decides which times are free; null for a service that is no longer offered. */
export async function findSlotsNow(tx: Tx, question: SlotQuestion): Promise<SlotFactsRow | null> {
  try {
    return await findSlotFacts(tx, question);
  } catch (error) {
    if (error instanceof RowMissing) return null;
    throw error;
  }
}
