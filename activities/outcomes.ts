import type { MessageRow } from '../db/messages';
import type { Reason } from '../domain/message';
import type { Instant } from '../domain/time';

/** What came of a message's turn. Only a word for Temporal's UI: the workflow plans again whatever it is. */
export type Turned = {
  outcome: 'sent' | 'not_due' | 'settled' | 'held' | 'deferred' | 'skipped' | 'again' | 'failed' | 'unknown';
  reason?: Reason;
};

/** A message marked for a vendor: nobody else sends it while its attempt is the newest. */
export type Marked = { message: MessageRow; attempt: number; markedAt: Instant };

/** The first look at the vendor, so long after the mark: by then a call that hung has been aborted and a callback would have come. */
export const LOOK_AFTER_MS = 90_000;

/** Until then only our own row is looked at: a callback mostly settles it within seconds, and the process stands still meanwhile. */
const OWN_LOOKS_MS = [3_000, 10_000, 30_000];

/** How long until a message that was marked so long ago is looked at again: at its row, or at the latest at the vendor. */
export const untilNextLook = (ageMs: number, latestMs: number): number =>
  Math.max(1_000, (OWN_LOOKS_MS.find((at) => at > ageMs && at < latestMs) ?? latestMs) - ageMs);
