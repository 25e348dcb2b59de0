import type { Registration, SenderKind } from '../domain/registration';
import type { Instant } from '../domain/time';
import { editRow } from './editing';
import type { Tx } from './tenancy';

/** A number or a Messaging Service that a business texts as. */
export type SenderRow = {
  id: string;
  /** E.164, a short code, or MG…. */
  address: string;
  kind: SenderKind;
  registration: Registration;
  /** Since when it is in that state. */
  registrationSince: Instant;
  /** Why it was rejected, or the carriers' code. */
  registrationReason: string | null;
  version: number;
  createdAt: Instant;
  updatedAt: Instant;
};

export type NewSender = Pick<SenderRow, 'id' | 'address' | 'kind' | 'registration'> & { now: Instant };

const IS_NUMBER = /^\+\d+$/;

/** Gives the business a sender. Throws a duplicate (23505) when any business has that number: inbound texts find their business by it. */
export async function insertSender(tx: Tx, { id, address, kind, registration, now }: NewSender): Promise<SenderRow> {
  const own = { businessId: tx.raw('current_business()'), id, createdAt: now };
  if (IS_NUMBER.test(address)) await tx('phoneNumbers').insert({ ...own, numberE164: address });
  const rows = await tx('senders')
    .insert({ ...own, address, kind, registration, registrationSince: now, updatedAt: now })
    .returning<SenderRow[]>('*');
  return rows[0] as SenderRow; // an insert that did not throw
}

/** In the order in which they were given. */
export async function listSenders(tx: Tx): Promise<SenderRow[]> {
  return tx('senders').orderBy(['createdAt', 'id']).select<SenderRow[]>('*');
}

/** What a sender of this business is to the carriers; null: it is not the business's own. */
export async function findSenderKind(tx: Tx, address: string): Promise<SenderKind | null> {
  const [row] = await tx('senders').where({ address }).select<{ kind: SenderKind }[]>('kind');
  return row?.kind ?? null;
}

export type Registering = {
  id: string;
  registration: Registration;
  since: Instant;
  reason: string | null;
  ifVersion: number | null;
  now: Instant;
};

/** Throws RowMissing, RowChanged. */
export async function setRegistration(tx: Tx, { id, registration, since, reason, ifVersion, now }: Registering): Promise<SenderRow> {
  const fields = { registration, registrationSince: since, registrationReason: reason };
  return editRow<SenderRow>(tx, { table: 'senders', what: 'sender' }, { id, fields, ifVersion, now });
}

/** The carriers refuse its texts, whatever we believed: they are held, or go by e-mail, until a person says that the registration is through. */
export async function holdSender(tx: Tx, { address, code, now }: { address: string; code: string; now: Instant }): Promise<void> {
  const [known] = await tx('senders').where({ address }).select<{ id: string }[]>('id');
  const approved = tx('senders').where({ registration: 'approved' });
  // Which of a service's numbers was to send is not known.
  await (known || !address.startsWith('MG') ? approved.where({ address }) : approved).update({
    registration: 'pending',
    registrationSince: now,
    registrationReason: code,
    version: tx.raw('version + 1'),
    updatedAt: now,
  });
}
