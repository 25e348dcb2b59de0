import type { Instant } from '../domain/time';
import { one } from './errors';
import type { Tx } from './tenancy';

/** What a carrier's vendor is to be told of a person's opt-out, or return, in their own words. Its id is that of their text. */
export type CarrierConsentRow = {
  id: string;
  version: number;
  ackMessageId: string | null;
  toldAt: Instant | null;
  refusedCode: string | null;
  createdAt: Instant;
};

export async function insertCarrierConsent(
  tx: Tx,
  { id, ackMessageId, now }: { id: string; ackMessageId: string | null; now: Instant },
): Promise<void> {
  await tx('carrierConsents').insert({ businessId: tx.raw('current_business()'), id, ackMessageId, createdAt: now });
}

export type CarrierConsentFacts = CarrierConsentRow & {
  /** The person's number and ours, as their text had them. Null once the person is erased. */
  person: string | null;
  ours: string | null;
  /** Whether our answer to it is still on its way: it would be refused once the carrier blocks. */
  ackOpen: boolean;
  ackStatus: string | null;
};

/** Throws RowMissing. */
export async function findCarrierConsent(tx: Tx, id: string): Promise<CarrierConsentFacts> {
  const rows = await tx('carrierConsents as c')
    .join('messages as m', (on) => void on.on('m.business_id', 'c.business_id').andOn('m.id', 'c.id'))
    .leftJoin('messages as a', (on) => void on.on('a.business_id', 'c.business_id').andOn('a.id', 'c.ack_message_id'))
    .where('c.id', id)
    .select<CarrierConsentFacts[]>(
      'c.*',
      'm.from_address as person',
      'm.to_address as ours',
      'a.status as ackStatus',
      tx.raw(`coalesce(a.status in ('planned', 'held', 'sending'), false) as ack_open`),
    );
  return one('carrier consent', rows);
}

/** The vendor knows, or will not: either way it is not told again. */
export async function noteTold(
  tx: Tx,
  { id, refusedCode, now }: { id: string; refusedCode: string | null; now: Instant },
): Promise<boolean> {
  const changed = await tx('carrierConsents').where({ id }).whereNull('toldAt').update({ toldAt: now, refusedCode });
  return changed > 0;
}
