import { randomBytes, scrypt, timingSafeEqual } from 'node:crypto';

/** OWASP's choice with the least memory: 32 MiB and some 200 ms of one core for each attempt. Written beside each hash, so that it can be raised. */
const COST: Cost = { log2N: 15, r: 8, p: 3 };
const LENGTH = 32;

type Cost = { log2N: number; r: number; p: number };

/** A password as it may be stored: scrypt, with its cost and its own salt. */
export async function hashPassword(password: string): Promise<string> {
  const salt = randomBytes(16);
  const key = await derive(password, salt, COST);
  return ['scrypt', COST.log2N, COST.r, COST.p, salt.toString('base64url'), key.toString('base64url')].join(':');
}

/** Takes as long for a person who is unknown (`stored` undefined) as for a wrong password, so that log-in names nobody. */
export async function isPassword(password: string, stored: string | undefined): Promise<boolean> {
  const [, log2N, r, p, salt = '', expected = ''] = stored?.split(':') ?? [];
  const own = { log2N: Number(log2N), r: Number(r), p: Number(p) };
  const cost = Object.values(own).every((value) => value > 0 && value < 32) ? own : COST;
  const derived = await derive(password, Buffer.from(salt, 'base64url'), cost);
  const known = Buffer.from(expected, 'base64url');
  return known.length === LENGTH && timingSafeEqual(derived, known);
}

const derive = (password: string, salt: Buffer, { log2N, r, p }: Cost): Promise<Buffer> =>
  new Promise((resolve, reject) => {
    const options = { N: 2 ** log2N, r, p, maxmem: 2 ** (log2N + 9) * r };
    scrypt(password.normalize('NFKC'), salt, LENGTH, options, (error, key) => (error ? reject(error) : resolve(key)));
  });
