import type { Instant } from '../domain/time';
import type { TimeWindow, WaitlistPreference } from '../domain/waitlist';
import { editRow, type Edit } from './editing';
import { one } from './errors';
import type { Tx } from './tenancy';

export type EntryStatus = 'active' | 'booked' | 'removed';
export type RemovedReason = 'ignored' | 'staff' | 'contact';

export type EntryRow = {
  id: string;
  contactId: string;
  serviceId: string;
  staffId: string | null;
  weekdays: number[];
  windows: TimeWindow[];
  earliestOn: string | null;
  latestOn: string | null;
  preference: WaitlistPreference;
  status: EntryStatus;
  removedReason: RemovedReason | null;
  ignoredCount: number;
  lastAskedAt: Instant | null;
  version: number;
  createdAt: Instant;
  updatedAt: Instant;
};

export type NewEntry = Pick<
  EntryRow,
  'id' | 'contactId' | 'serviceId' | 'staffId' | 'weekdays' | 'windows' | 'earliestOn' | 'latestOn' | 'preference'
> & { now: Instant };

/** Throws a foreign key violation (23503) for ids of nobody or of another business. */
export async function insertEntry(tx: Tx, { now, windows, ...row }: NewEntry): Promise<EntryRow> {
  const rows = await tx('waitlistEntries')
    .insert({ businessId: tx.raw('current_business()'), ...row, windows: JSON.stringify(windows), createdAt: now, updatedAt: now })
    .returning<EntryRow[]>('*');
  return one('waitlist entry', rows);
}

/** Throws RowMissing. */
export async function findEntry(tx: Tx, id: string, lock?: 'forUpdate'): Promise<EntryRow> {
  const query = tx('waitlistEntries').where({ id });
  return one('waitlist entry', await (lock ? query.forUpdate() : query).select<EntryRow[]>('*'));
}

export type EntryChange = Partial<Omit<NewEntry, 'id' | 'contactId' | 'now'>>;

/** Throws RowChanged, RowMissing. */
export async function updateEntry(tx: Tx, { fields, ...edit }: Edit & { fields: EntryChange }): Promise<EntryRow> {
  const columns = { ...fields, ...(fields.windows && { windows: JSON.stringify(fields.windows) }) };
  return editRow<EntryRow>(tx, { table: 'waitlistEntries', what: 'waitlist entry' }, { ...edit, fields: columns });
}

/** Takes an active entry off the list. Answers whether it was on it. */
export async function removeEntry(tx: Tx, { id, reason, now }: { id: string; reason: RemovedReason; now: Instant }): Promise<boolean> {
  const changed = await tx('waitlistEntries')
    .where({ id, status: 'active' })
    .update({ status: 'removed', removedReason: reason, version: tx.raw('version + 1'), updatedAt: now });
  return changed > 0;
}

/** Its person has a visit by it. */
export async function noteBooked(tx: Tx, { id, now }: { id: string; now: Instant }): Promise<void> {
  await tx('waitlistEntries')
    .where({ id, status: 'active' })
    .update({ status: 'booked', version: tx.raw('version + 1'), updatedAt: now });
}

/** Asked now: others come first next time. */
export async function noteAsked(tx: Tx, ids: string[], now: Instant): Promise<void> {
  await tx('waitlistEntries').whereIn('id', ids).update({ lastAskedAt: now, updatedAt: now });
}

/** One more offer without an answer. Answers how many that makes. */
export async function countIgnored(tx: Tx, { id, now }: { id: string; now: Instant }): Promise<number> {
  const rows = await tx('waitlistEntries')
    .where({ id })
    .update({ ignoredCount: tx.raw('ignored_count + 1'), updatedAt: now })
    .returning<{ ignoredCount: number }[]>('ignoredCount');
  return one('waitlist entry', rows).ignoredCount;
}

export type EntryPage = {
  contactId?: string;
  serviceId?: string;
  staffId?: string;
  preference?: WaitlistPreference;
  status?: EntryStatus | 'expired';
  /** The business's local date: an active entry whose last day is over counts as expired. */
  today: string;
  after?: string;
  limit: number;
};

const IS_EXPIRED = `status = 'active' and latest_on < ?::date`;

/** In the order in which they were made, by pages. */
export async function listEntries(tx: Tx, page: EntryPage): Promise<EntryRow[]> {
  const query = tx('waitlistEntries').orderBy('id').limit(page.limit);
  for (const key of ['contactId', 'serviceId', 'staffId', 'preference'] as const) {
    const value = page[key];
    if (value !== undefined) void query.where({ [key]: value });
  }
  if (page.status === 'expired') void query.whereRaw(IS_EXPIRED, [page.today]);
  else if (page.status === 'active') void query.where({ status: 'active' }).whereRaw(`not coalesce(${IS_EXPIRED}, false)`, [page.today]);
  else if (page.status !== undefined) void query.where({ status: page.status });
  if (page.after !== undefined) void query.where('id', '>', page.after);
  return query.select<EntryRow[]>('*');
}

/** Whether anybody waits for a service: without them nobody needs to hear that a time is free. */
export async function isAwaited(tx: Tx, serviceId: string): Promise<boolean> {
  const rows = await tx('waitlistEntries').where({ serviceId, status: 'active' }).limit(1).select<{ id: string }[]>('id');
  return rows.length > 0;
}

/** Every service that somebody waits for. */
export async function findAwaitedServices(tx: Tx): Promise<string[]> {
  const rows = await tx('waitlistEntries')
    .where({ status: 'active' })
    .distinct('serviceId')
    .orderBy('serviceId')
    .select<{ serviceId: string }[]>('serviceId');
  return rows.map(({ serviceId }) => serviceId);
}

/** Takes a person off every list. Entries that nobody was ever asked by are deleted, so that nothing refers to the person. */
export async function dropEntriesOf(tx: Tx, { contactId, now }: { contactId: string; now: Instant }): Promise<void> {
  await tx('waitlistEntries')
    .where({ contactId })
    .whereNotExists(tx('waitlistOffers').whereRaw('waitlist_offers.entry_id = waitlist_entries.id').select(tx.raw('1')))
    .delete();
  await tx('waitlistEntries')
    .where({ contactId, status: 'active' })
    .update({ status: 'removed', removedReason: 'contact', version: tx.raw('version + 1'), updatedAt: now });
}
