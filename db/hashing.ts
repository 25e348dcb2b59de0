import { createHash, createHmac, randomBytes } from 'node:crypto';

/** Turns personal data and secrets into what may be stored, compared and shown. Keys are derived from APP_SECRET, one for each business. */
export type Hasher = {
  /** An address (E.164 number, lower-case e-mail) of one business. Another business's hash of the same address differs. */
  address: (businessId: string, value: string) => string;
  /** An e-mail across businesses, for log-in only. */
  login: (email: string) => string;
  /** The secret part of a link to a subject, the same each time it is asked, so that a message written twice carries one link. */
  linkToken: (kind: string, id: string) => string;
};

export function createHasher(appSecret: string): Hasher {
  const keyed = (key: string | Buffer, value: string): Buffer => createHmac('sha256', key).update(value).digest();
  return {
    address: (businessId, value) => keyed(keyed(appSecret, `business ${businessId}`), value).toString('base64url'),
    login: (email) => keyed(appSecret, `login ${email.trim().toLowerCase()}`).toString('base64url'),
    // 96 bits: not to be guessed, and short enough for a text message.
    linkToken: (kind, id) => keyed(appSecret, `link ${kind} ${id}`).subarray(0, 12).toString('base64url'),
  };
}

/** What is stored of a secret that we made ourselves and that has full entropy: API keys, session and link tokens. */
export const secretHash = (secret: string): string => createHash('sha256').update(secret).digest('base64url');

/** A new secret of 192 bits with a readable beginning, such as `usher_`. */
export const newSecret = (prefix = ''): string => prefix + randomBytes(24).toString('base64url');
