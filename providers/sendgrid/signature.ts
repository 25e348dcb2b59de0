import { createPublicKey, verify } from 'node:crypto';

export type SendGridDelivery = {
  /** `X-Twilio-Email-Event-Webhook-Signature`: DER, base64. */
  signature: string | undefined;
  /** `X-Twilio-Email-Event-Webhook-Timestamp`: epoch seconds. */
  timestamp: string | undefined;
  /** The body exactly as posted: it need not be text. */
  body: Buffer;
  /** SPKI in base64, as SendGrid shows it. Two while a key is being rotated. */
  publicKeys: readonly string[];
  nowMs: number;
};

/** More than this between signing and arrival is worth a line in the log. */
const FRESH_MS = 300_000;

/**
 * Whether SendGrid, with one of our keys, signed this body: ECDSA P-256 with SHA-256 over timestamp and body. `stale` is valid and to be accepted:
 * a delivery repeated for a day may carry its first timestamp, and each event acts once by its id. Never throws.
 */
export function verifySendGrid({
  signature = '',
  timestamp = '',
  body,
  publicKeys,
  nowMs,
}: SendGridDelivery): 'valid' | 'stale' | 'invalid' {
  if (!/^\d{1,12}$/.test(timestamp)) return 'invalid';
  const signed = Buffer.concat([Buffer.from(timestamp, 'utf8'), body]);
  const given = Buffer.from(signature, 'base64');
  // Verifying with a public key compares no secret, so its time tells nothing.
  if (!publicKeys.some((key) => isSignedBy(key, signed, given))) return 'invalid';
  return Math.abs(nowMs - Number(timestamp) * 1000) > FRESH_MS ? 'stale' : 'valid';
}

function isSignedBy(publicKey: string, signed: Buffer, signature: Buffer): boolean {
  try {
    const key = createPublicKey({ key: Buffer.from(publicKey, 'base64'), format: 'der', type: 'spki' });
    return key.asymmetricKeyDetails?.namedCurve === 'prime256v1' && verify('sha256', signed, key, signature);
  } catch {
    return false; // a malformed key verifies nothing, and the other one may be good
  }
}
