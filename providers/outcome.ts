import type { RefusalCode } from './errors';
import { OutcomeUnclear, retryAfterMs, VendorRefused } from './errors';
import type { VendorCall } from './vendor-call';

export type VendorFailure = {
  vendor: string;
  /** The HTTP status, null when no answer came. */
  status: number | null;
  /** What the answer's own code means; null when the answer is not the vendor's (a proxy's, say) or has no code. */
  refusal: RefusalCode | null;
  vendorCode: string | null;
  retryAfter?: unknown;
  /** The connection broke, as opposed to an answer that could not be read. */
  broken: boolean;
  /** For the log only. */
  text: string;
};

/** How a failed call ended, by the same rule for every vendor: no connection, a 429, or a 4xx with the vendor's code is surely not sent; all else is unclear. */
export function outcomeOf(call: VendorCall, failure: VendorFailure): VendorRefused | OutcomeUnclear {
  const { vendor, status, refusal, vendorCode, broken, text } = failure;
  if (!call.reached) return new VendorRefused({ vendor, code: 'vendor_down', text });
  if (status === null) return new OutcomeUnclear({ vendor, cause: call.abortedBy ?? (broken ? 'reset' : 'unreadable'), text });
  const code = vendorCode ?? String(status);
  if (status === 429) {
    const wait = retryAfterMs(failure.retryAfter, Date.now());
    return new VendorRefused({ vendor, code: refusal ?? 'rate_limited', vendorCode: code, retryAfterMs: wait, text });
  }
  if (status >= 400 && status < 500 && refusal !== null) return new VendorRefused({ vendor, code: refusal, vendorCode: code, text });
  return new OutcomeUnclear({ vendor, cause: 'vendor_error', vendorCode: code, text });
}
