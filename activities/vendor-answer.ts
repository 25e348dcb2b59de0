import type { Reason } from '../domain/message';
import { assertNever } from '../domain/assert-never';
import { HOUR_MS, MINUTE_MS } from '../domain/time';
import type { VendorRefused } from '../providers/errors';

/** What becomes of a message that the vendor surely did not take. */
export type AfterRefusal =
  | { kind: 'failed'; reason: Reason | null; addressDead: boolean }
  | { kind: 'suppressed' }
  | { kind: 'held'; reason: Reason }
  | { kind: 'again'; waitMs: number };

const FIRST_WAIT_MS = 5_000;
const LONGEST_WAIT_MS = 5 * MINUTE_MS;

/** The vendor's no, turned into what the ledger does next (providers.md 4). `attempt` counts from 1 and lengthens the wait. */
export function afterRefusal({ code, retryAfterMs }: VendorRefused, attempt: number): AfterRefusal {
  const waitMs = retryAfterMs ?? Math.min(LONGEST_WAIT_MS, FIRST_WAIT_MS * 2 ** Math.min(attempt - 1, 10));
  switch (code) {
    case 'suppressed':
      return { kind: 'suppressed' };
    case 'channel_unusable':
      return { kind: 'failed', reason: 'channel_unusable', addressDead: true };
    case 'registration_pending':
      return { kind: 'held', reason: 'registration_pending' };
    case 'international_blocked':
      return { kind: 'failed', reason: 'international_blocked', addressDead: false };
    case 'too_late':
      return { kind: 'failed', reason: 'too_late', addressDead: false };
    case 'rate_limited':
    case 'sender_throttled':
    case 'vendor_down':
      return { kind: 'again', waitMs };
    case 'unreachable':
      // Switched off or out of range: worth one more try after some hours.
      return attempt === 1 ? { kind: 'again', waitMs: 2 * HOUR_MS } : { kind: 'failed', reason: null, addressDead: false };
    case 'carrier_error':
      return attempt === 1 ? { kind: 'again', waitMs: MINUTE_MS } : { kind: 'failed', reason: null, addressDead: false };
    case 'carrier_blocked':
    case 'operator':
      return { kind: 'failed', reason: null, addressDead: false };
    default:
      return assertNever(code);
  }
}
