import type { Reason } from './message';
import type { RefusalCode } from './refusal';
import { HOUR_MS, MINUTE_MS } from './time';

/** What becomes of a message that the vendor surely did not take. */
export type AfterRefusal =
  | { kind: 'failed'; reason: Reason | null; addressDead: boolean }
  | { kind: 'suppressed' }
  | { kind: 'held'; reason: Reason }
  | { kind: 'again'; waitMs: number; reason: Reason | null };

/**
 * The vendor's no, at once or by a later report, turned into what the ledger does next (providers.md 4). `attempt` counts from 1 and lengthens the wait;
 * `retryAfterMs`: what the vendor asks for, null: nothing.
 */
export function afterRefusal({ code, retryAfterMs }: { code: RefusalCode; retryAfterMs: number | null }, attempt: number): AfterRefusal {
  const waitMs = retryAfterMs ?? Math.min(LONGEST_WAIT_MS, FIRST_WAIT_MS * 2 ** Math.min(attempt - 1, 10));
  return ANSWERS[code]({ attempt, waitMs });
}

const FIRST_WAIT_MS = 5_000;
const LONGEST_WAIT_MS = 5 * MINUTE_MS;

type Answer = (refused: { attempt: number; waitMs: number }) => AfterRefusal;

const failed =
  (reason: Reason | null, addressDead = false): Answer =>
  () => ({ kind: 'failed', reason, addressDead });
const again =
  (reason: Reason): Answer =>
  ({ waitMs }) => ({ kind: 'again', waitMs, reason });
/** One more try after a while, then no more. */
const onceMore =
  (waitMs: number): Answer =>
  ({ attempt }) =>
    attempt === 1 ? { kind: 'again', waitMs, reason: null } : { kind: 'failed', reason: null, addressDead: false };

const ANSWERS: Record<RefusalCode, Answer> = {
  suppressed: () => ({ kind: 'suppressed' }),
  registration_pending: () => ({ kind: 'held', reason: 'registration_pending' }),
  channel_unusable: failed('channel_unusable', true),
  international_blocked: failed('international_blocked'),
  too_late: failed('too_late'),
  undeliverable: failed(null),
  window_closed: ({ attempt }) =>
    // As free text it was refused; as a template it may go at once (R41).
    attempt < 3
      ? { kind: 'again', waitMs: 0, reason: 'whatsapp_window' }
      : { kind: 'failed', reason: 'whatsapp_window', addressDead: false },
  carrier_blocked: failed(null),
  operator: failed(null),
  rate_limited: again('sender_busy'),
  sender_throttled: again('sender_busy'),
  vendor_down: again('vendor_down'),
  account_refused: again('vendor_down'),
  unreachable: onceMore(2 * HOUR_MS), // switched off or out of range
  carrier_error: onceMore(MINUTE_MS),
};
