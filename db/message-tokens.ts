import { createHash, timingSafeEqual } from 'node:crypto';
import type { Hasher } from './hashing';

// Tokens that name one of our messages and prove that we made them. Small letters and digits only: part of mail addresses, which some servers write small.

/** What a token allows: ending e-mail, answering a message, or logging in. One kind is never taken for another. */
export type TokenKind = 'unsubscribe' | 'reply' | 'sign_in';

const ID_HEX = 32;
const HEX = 56; // 16 bytes of the message's id, 12 of the proof
const LENGTH = 44; // of 28 bytes in base 36

/** 44 letters and digits, the same each time. */
export function messageToken(hash: Pick<Hasher, 'linkToken'>, kind: TokenKind, messageId: string): string {
  const proof = Buffer.from(hash.linkToken(kind, messageId), 'base64url').toString('hex');
  return BigInt(`0x${messageId.replaceAll('-', '')}${proof}`)
    .toString(36)
    .padStart(LENGTH, '0');
}

/** The message that a token names, or null for one that we did not make for this. */
export function readMessageToken(hash: Pick<Hasher, 'linkToken'>, kind: TokenKind, token: string): string | null {
  if (!/^[0-9a-z]{44}$/.test(token)) return null;
  const number = Array.from(token).reduce((sum, digit) => sum * 36n + BigInt(parseInt(digit, 36)), 0n);
  const id = number.toString(16).padStart(HEX, '0').slice(0, ID_HEX);
  const messageId = `${id.slice(0, 8)}-${id.slice(8, 12)}-${id.slice(12, 16)}-${id.slice(16, 20)}-${id.slice(20)}`;
  return equal(token, messageToken(hash, kind, messageId)) ? messageId : null;
}

const equal = (a: string, b: string): boolean => timingSafeEqual(digest(a), digest(b));
const digest = (text: string): Buffer => createHash('sha256').update(text).digest();
