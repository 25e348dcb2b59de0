import { keepDncCheck, needsDncCheck } from '../db/dnc-checks';
import { withBusiness } from '../db/tenancy';
import type { Instant } from '../domain/time';
import { plusMs } from '../domain/time';
import type { Deps } from './deps';

type DncDeps = Pick<Deps, 'db' | 'dnc' | 'clock' | 'hash' | 'log'>;

/** From when on an answer of the external do-not-call list counts, by the machine's clock; null: none is asked. */
export const dncSince = ({ dnc, clock }: Pick<Deps, 'dnc' | 'clock'>): Instant | null =>
  dnc === null ? null : plusMs(clock.system(), -dnc.keepMs);

type About = { businessId: string; contactId: string };

/**
 * Asks the external do-not-call list about a person's number unless it did lately, outside any transaction: nothing is locked while a vendor thinks.
 * Without an answer nothing is kept, and the gate lets no marketing and no call pass. Safe to run twice because an answer only replaces an older one.
 */
export async function refreshDncCheck(deps: DncDeps, { businessId, contactId }: About): Promise<void> {
  const since = dncSince(deps);
  if (deps.dnc === null || since === null) return;
  const number = await withBusiness(deps.db, businessId, (tx) => needsDncCheck(tx, { contactId, since }));
  if (number === null) return;
  const answer = await deps.dnc.list.check(number);
  if (answer.kind === 'no_answer') {
    deps.log.warn({ contactId, why: answer.why }, 'the do-not-call list did not answer');
    return;
  }
  const check = { numberHash: deps.hash.address(businessId, number), listed: answer.kind === 'listed', checkedAt: deps.clock.system() };
  await withBusiness(deps.db, businessId, (tx) => keepDncCheck(tx, check));
}
