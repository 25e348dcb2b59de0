import type { RefusalCode } from '../domain/refusal';

export type { RefusalCode };

/**
 * Our words for how a request to a vendor ended, the same for every vendor. A vendor's own text never enters `message` or JSON: it may quote
 * a number or an address, and messages of errors are kept in workflow histories.
 */

type Refused = { vendor: string; code: RefusalCode; vendorCode?: string | null; retryAfterMs?: number | null; text?: string };

/** The vendor took nothing, surely: caps may be released and another channel tried. */
export class VendorRefused extends Error {
  override readonly name = 'VendorRefused';
  readonly surelyNotSent = true;
  readonly vendor: string;
  readonly code: RefusalCode;
  /** The vendor's code, digits and field names only. */
  readonly vendorCode: string | null;
  /** When the vendor said how long to wait. */
  readonly retryAfterMs: number | null;
  readonly #text: string;

  constructor({ vendor, code, vendorCode = null, retryAfterMs = null, text = '' }: Refused) {
    super(`${vendor} refused: ${code}${vendorCode === null ? '' : ` (${vendorCode})`}`);
    this.vendor = vendor;
    this.code = code;
    this.vendorCode = vendorCode;
    this.retryAfterMs = retryAfterMs;
    this.#text = text;
  }

  /** The vendor's words with numbers, addresses and keys masked. For the log only. */
  textForLog(): string {
    return redact(this.#text);
  }
}

/** Why nobody knows: the time was up, the caller gave up, the line broke, the vendor failed (5xx), or its answer made no sense. */
export type UnclearCause = 'timed_out' | 'cancelled' | 'reset' | 'vendor_error' | 'unreadable';

type Unclear = { vendor: string; cause: UnclearCause; vendorCode?: string | null; text?: string };

/** The vendor was reached and may have taken the message: never sent again before the vendor has been asked (architecture, "Sending exactly once"). */
export class OutcomeUnclear extends Error {
  override readonly name = 'OutcomeUnclear';
  readonly surelyNotSent = false;
  readonly vendor: string;
  readonly why: UnclearCause;
  readonly vendorCode: string | null;
  readonly #text: string;

  constructor({ vendor, cause, vendorCode = null, text = '' }: Unclear) {
    super(`${vendor} unclear: ${cause}${vendorCode === null ? '' : ` (${vendorCode})`}`);
    this.vendor = vendor;
    this.why = cause;
    this.vendorCode = vendorCode;
    this.#text = text;
  }

  /** The vendor's words with numbers, addresses and keys masked. For the log only. */
  textForLog(): string {
    return redact(this.#text);
  }
}

/**
 * What a vendor said when asked for a message whose outcome was unclear. `none`: it knows of none; one such look is not yet proof of absence.
 * `several`, `not_comparable`: it knows some that could be ours and cannot tell. `cannot_ask`: this vendor has no such question.
 */
export type Found<Known> = ({ found: string } & Known) | { found: null; why: 'none' | 'several' | 'not_comparable' | 'cannot_ask' };

/** A `Retry-After` header (seconds or an HTTP date) in milliseconds; null when absent or unreadable. */
export function retryAfterMs(header: unknown, nowMs: number): number | null {
  if (typeof header !== 'string' && typeof header !== 'number') return null;
  const seconds = Number(header);
  const waitMs = Number.isFinite(seconds) ? seconds * 1000 : Date.parse(String(header)) - nowMs;
  return Number.isFinite(waitMs) ? Math.max(0, waitMs) : null;
}

/** Masks what could be a person or a key in a vendor's text, and cuts it to 300 characters. */
function redact(text: string): string {
  return text
    .replace(/[^\s@<>"']+@[^\s@<>"']+/g, '[address]')
    .replace(/\bSG\.[\w.-]+/g, '[key]')
    .replace(/\b(?=[0-9a-z]*\d)[0-9a-z]{24,}\b/gi, '[key]')
    .replace(/\+?\d[\d\s().-]{5,}\d/g, '[number]')
    .slice(0, 300);
}
