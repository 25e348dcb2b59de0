import { randomBytes, scrypt, timingSafeEqual, type ScryptOptions } from 'node:crypto';

// OWASP's middle choice: 64 MiB and some 150 ms of one core for each attempt.
const COST: ScryptOptions = { N: 2 ** 16, r: 8, p: 1, maxmem: 128 * 1024 * 1024 };
const LENGTH = 32;

/** A password as it may be stored: scrypt, with its own salt. */
export async function hashPassword(password: string): Promise<string> {
  const salt = randomBytes(16);
  return `scrypt:${salt.toString('base64url')}:${(await derive(password, salt)).toString('base64url')}`;
}

/** Takes as long for a person who is unknown (`stored` undefined) as for a wrong password, so that log-in names nobody. */
export async function isPassword(password: string, stored: string | undefined): Promise<boolean> {
  const [, salt = '', expected = ''] = stored?.split(':') ?? [];
  const derived = await derive(password, Buffer.from(salt, 'base64url'));
  const known = Buffer.from(expected, 'base64url');
  return known.length === LENGTH && timingSafeEqual(derived, known);
}

const derive = (password: string, salt: Buffer): Promise<Buffer> =>
  new Promise((resolve, reject) => {
    scrypt(password.normalize('NFKC'), salt, LENGTH, COST, (error, key) => (error ? reject(error) : resolve(key)));
  });
