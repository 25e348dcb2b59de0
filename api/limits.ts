import { RateLimiterMemory, RateLimiterPostgres, RateLimiterRes, type RateLimiterAbstract } from 'rate-limiter-flexible';
import type { Db } from '../db/tenancy';
import { tooMany } from './problem';

/** How often something may be asked. Both throw `too_many` (429) with the seconds to wait. */
export type Limits = {
  /** Each request of one key or session. */
  request: (callerKey: string) => Promise<void>;
  /** Each attempt to log in from one address, right or wrong. */
  login: (ip: string) => Promise<void>;
  /** Each wish for a link to log in: from one place as for log-ins, and for one address. Both hashed. */
  signInLink: (asked: { ip: string; address: string }) => Promise<void>;
  /** Each opening of a link out of a message: of one link, and from one address. */
  link: (opened: { token: string; ip: string }) => Promise<void>;
};

export type LimitSettings = { requestsPerMin: number; loginsPer10Min: number };
export const DEFAULT_LIMITS: LimitSettings = { requestsPerMin: 600, loginsPer10Min: 10 };

/** Nobody's mailbox is filled by others: for one address in ten minutes, and in a day. */
const MAILS_PER_ADDRESS = 5;
const MAILS_PER_DAY = 20;
const DAY_S = 86_400;
/** A person who taps through the free weeks stays far below it; a household or a mobile carrier shares an address. */
const PER_LINK_PER_MIN = 60;
const LINKS_PER_ADDRESS_PER_MIN = 300;

/**
 * Requests are counted in each process's memory, so N processes allow up to N times as much: the limit keeps one program from starving the others. A count in
 * PostgreSQL would be a committed write beside every read, one after the other for each key (measured, fsync off: 130-410 µs against 1 µs). Log-ins are few
 * and guard passwords, so they are counted there, by all processes together; who is over the limit is then turned away from memory.
 */
export function createLimits({ pool }: Db, { requestsPerMin, loginsPer10Min }: LimitSettings = DEFAULT_LIMITS): Limits {
  const requests = new RateLimiterMemory({ keyPrefix: 'request', points: requestsPerMin, duration: 60 });
  const links = new RateLimiterMemory({ keyPrefix: 'link', points: PER_LINK_PER_MIN, duration: 60 });
  const openers = new RateLimiterMemory({ keyPrefix: 'opener', points: LINKS_PER_ADDRESS_PER_MIN, duration: 60 });
  const inAll = (keyPrefix: string, points: number, duration = 600): RateLimiterPostgres =>
    new RateLimiterPostgres({
      storeClient: pool,
      storeType: 'knex',
      tableName: 'rate_limits',
      tableCreated: true,
      keyPrefix,
      points,
      duration,
      inMemoryBlockOnConsumed: points,
      clearExpiredByTimeout: true,
    });
  const logins = inAll('login', loginsPer10Min);
  const mails = inAll('sign_in_mail', MAILS_PER_ADDRESS);
  const mailsOfDay = inAll('sign_in_mail_day', MAILS_PER_DAY, DAY_S);
  return {
    request: (key) => consume(requests, key),
    login: (ip) => consume(logins, ip),
    signInLink: async ({ ip, address }) => {
      await consume(logins, ip);
      await consume(mails, address);
      await consume(mailsOfDay, address);
    },
    link: async ({ token, ip }) => {
      await consume(openers, ip);
      await consume(links, token);
    },
  };
}

async function consume(limiter: RateLimiterAbstract, key: string): Promise<void> {
  try {
    await limiter.consume(key);
  } catch (refusal) {
    if (refusal instanceof RateLimiterRes) throw tooMany(Math.max(1, Math.ceil(refusal.msBeforeNext / 1000)));
    throw refusal;
  }
}
