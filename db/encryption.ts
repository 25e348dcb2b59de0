import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';

export type Sealed = { keyId: string; bytes: Buffer };
/** AES-256-GCM with key ids, so that keys can be rotated. `context` (table and column) is authenticated: a value cannot be moved elsewhere. */
export type Encryption = { seal: (text: string, context: string) => Sealed; open: (sealed: Sealed, context: string) => string };

/** `keys` is `id:base64,id:base64`, 32 bytes each; the first seals, all open. Throws RangeError for a key of another length. */
export function createEncryption(keys: string): Encryption {
  const ring = new Map(keys.split(',').map((entry) => parseKey(entry)));
  const [current] = [...ring.keys()];
  if (current === undefined) throw new RangeError('ENCRYPTION_KEYS names no key');
  const keyOf = (id: string): Buffer => {
    const key = ring.get(id);
    if (!key) throw new RangeError(`no encryption key ${id}`);
    return key;
  };
  return {
    seal: (text, context) => {
      const iv = randomBytes(12);
      const cipher = createCipheriv('aes-256-gcm', keyOf(current), iv).setAAD(Buffer.from(context));
      const sealed = Buffer.concat([cipher.update(text, 'utf8'), cipher.final()]);
      return { keyId: current, bytes: Buffer.concat([iv, cipher.getAuthTag(), sealed]) };
    },
    open: ({ keyId, bytes }, context) => {
      const decipher = createDecipheriv('aes-256-gcm', keyOf(keyId), bytes.subarray(0, 12)).setAAD(Buffer.from(context));
      decipher.setAuthTag(bytes.subarray(12, 28));
      return Buffer.concat([decipher.update(bytes.subarray(28)), decipher.final()]).toString('utf8');
    },
  };
}

function parseKey(entry: string): [string, Buffer] {
  const colon = entry.indexOf(':');
  const key = Buffer.from(entry.slice(colon + 1), 'base64');
  if (colon < 1 || key.length !== 32) throw new RangeError('an encryption key is id:base64 of 32 bytes');
  return [entry.slice(0, colon), key];
}
