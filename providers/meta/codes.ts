import type { RefusalCode } from '../errors';

/**
 * WhatsApp's codes, of answers and of statuses, in our words. One row per meaning;
 * https://developers.facebook.com/documentation/business-messaging/whatsapp/support/error-codes, 2026-11.
 */
const CODES: readonly (readonly [RefusalCode, readonly number[]])[] = [
  ['rate_limited', [4, 80007, 130429]],
  ['sender_throttled', [131048, 131056]],
  ['window_closed', [131047]],
  // The access token has expired or was revoked.
  ['account_refused', [190]],
  // 131049: not now, for the person's sake; 131026: not on WhatsApp, or an old version of it; 130472, 131050: wants no marketing.
  ['undeliverable', [131026, 131049, 130472, 131050]],
];

const BY_CODE = new Map(CODES.flatMap(([ours, theirs]) => theirs.map((code) => [code, ours] as const)));

/** Every code with a meaning of its own. */
export const KNOWN_META_CODES: readonly number[] = [...BY_CODE.keys()];

/** A code that is not in the table is for the operator: it is a no for certain, and nobody has said yet what to do about it. */
export const metaRefusalOf = (code: number): RefusalCode => BY_CODE.get(code) ?? 'operator';
