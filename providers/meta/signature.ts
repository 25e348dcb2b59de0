import { createHmac, timingSafeEqual } from 'node:crypto';

export type MetaDelivery = {
  /** `X-Hub-Signature-256`. */
  signature: string | undefined;
  /** The bytes as posted: Meta signs its \u escapes as they stand there. */
  body: Buffer;
  /** Two while one is being rotated. */
  appSecrets: readonly string[];
};

/** Whether Meta, with one of our app's secrets, signed these bytes. Never throws. */
export function verifyMeta({ signature = '', body, appSecrets }: MetaDelivery): boolean {
  const given = Buffer.from(signature, 'utf8');
  // Every secret is tried, so the time taken does not tell which one came near.
  return appSecrets.map((secret) => equal(given, Buffer.from(signMeta(secret, body), 'utf8'))).some(Boolean);
}

/** HMAC-SHA256 in hex, as the header carries it. */
export const signMeta = (appSecret: string, body: Buffer): string => `sha256=${createHmac('sha256', appSecret).update(body).digest('hex')}`;

/** Meta's question when the webhook is set up: the challenge to answer with, or null for a stranger. Never throws. */
export function metaChallenge(query: URLSearchParams, verifyToken: string | null): string | null {
  const asked = query.get('hub.verify_token') ?? '';
  if (verifyToken === null || query.get('hub.mode') !== 'subscribe') return null;
  const [given, expected] = [asked, verifyToken].map((token) => createHmac('sha256', 'verify').update(token).digest());
  return given && expected && timingSafeEqual(given, expected) ? (query.get('hub.challenge') ?? '') : null;
}

const equal = (a: Buffer, b: Buffer): boolean => a.length === b.length && timingSafeEqual(a, b);
