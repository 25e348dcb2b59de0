import type { RefusalCode } from '../errors';

/** Twilio's codes, of answers (4xx) and of status callbacks, in our words. One row per meaning; https://www.twilio.com/docs/api/errors, 2026-11. */
const CODES: readonly (readonly [RefusalCode, readonly number[]])[] = [
  ['suppressed', [21610]],
  ['channel_unusable', [21211, 21217, 21614, 21635, 30005, 30006]],
  // WhatsApp's, where the message cannot go but another channel may bring it.
  ['undeliverable', [63003, 63013, 63021, 63024, 63027, 63028, 63032, 63049]],
  ['window_closed', [63016]],
  ['unreachable', [30003]],
  ['rate_limited', [20429]],
  ['carrier_error', [30008, 30017, 30410]],
  ['carrier_blocked', [30004, 30007]],
  ['registration_pending', [30032, 30033, 30034, 30035]],
  ['sender_throttled', [30022, 30023, 30001, 21611, 63018]],
  ['international_blocked', [21408]],
  ['account_refused', [20003]],
  ['operator', [21606, 21608, 21612, 21617, 30002, 63112]],
  ['too_late', [30036]],
];

const BY_CODE = new Map(CODES.flatMap(([ours, theirs]) => theirs.map((code) => [code, ours] as const)));

/** Every code with a meaning of its own. */
export const KNOWN_CODES: readonly number[] = [...BY_CODE.keys()];

/** A code that is not in the table is for the operator: it is a no for certain, and nobody has said yet what to do about it. */
export const refusalOf = (code: number): RefusalCode => BY_CODE.get(code) ?? 'operator';
