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
