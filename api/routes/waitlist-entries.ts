import { v7 as newId } from 'uuid';
import { z } from 'zod';
import { findBusinessZone } from '../../db/businesses';
import { findContact } from '../../db/contacts';
import type { Tx } from '../../db/tenancy';
import { findEntry, insertEntry, listEntries, updateEntry, type EntryChange } from '../../db/waitlist';
import { localDate, type Instant } from '../../domain/time';
import { noteWaiting } from '../freed-slots';
import { ENTRY_STATUSES, EntryView, PREFERENCES, presentEntry } from '../presenters/waitlist';
import { conflict, invalidField } from '../problem';
import { route } from '../route';
import { withdrawEntry } from '../waitlist';
import { ById, id, pageOf, pageQueryById, toPage, wallTime } from '../wire';

const tag = 'Waitlist';

const weekdays = z
  .array(z.int().min(1).max(7))
  .max(7)
  .refine((days) => new Set(days).size === days.length, 'no day twice')
  .meta({ description: '1 (Monday) to 7; empty: any day', example: [2, 4] });
const windows = z
  .array(z.object({ from: wallTime, to: wallTime }))
  .max(10)
  .refine((list) => list.every(({ from, to }) => from < to), 'from before to')
  .meta({
    description: "the venue's local times in which the whole visit must lie; empty: any time",
    example: [{ from: '09:00', to: '12:00' }],
  });
const date = z.iso.date().meta({ example: '2027-03-16' });
const preference = z.enum(PREFERENCES).meta({ description: 'soonest: a time within two weeks; anytime: whenever there is one' });

const createEntry = route(
  {
    method: 'post',
    path: '/waitlist-entries',
    tag,
    summary: 'Put a person on the waitlist',
    description:
      'When a time is freed the list is asked by itself: least recently asked first, one person at a time (waitlist_batch_size), half an hour each. ' +
      'Only those are asked who agreed in writing to marketing messages, in their contact hours.',
    action: 'waitlist_entry.created',
    role: 'staff',
    body: z
      .object({
        contact_id: id,
        service_id: id,
        staff_id: id.optional(),
        weekdays: weekdays.default([]),
        windows: windows.default([]),
        earliest_date: date.optional(),
        latest_date: date.optional(),
        preference,
      })
      .meta({ example: { contact_id: '<contact_id>', service_id: '<service_id>', preference: 'soonest' } }),
    status: 201,
    response: EntryView,
    problems: ['unknown_reference'],
  },
  async ({ tx, body: { staffId = null, earliestDate = null, latestDate = null, ...fields }, now }) => {
    checkDates(earliestDate, latestDate);
    await findContact(tx, fields.contactId, 'forKeyShare');
    const entry = await insertEntry(tx, { id: newId(), ...fields, staffId, earliestOn: earliestDate, latestOn: latestDate, now });
    await noteWaiting(tx, { serviceId: entry.serviceId, now });
    return presentEntry(entry, await todayOf(tx, now));
  },
);

function checkDates(earliest: string | null, latest: string | null): void {
  if (earliest !== null && latest !== null && latest < earliest) throw invalidField('latest_date', 'must not be before earliest_date');
}

/** The business's local date. */
const todayOf = async (tx: Tx, now: Instant): Promise<string> => localDate(now, await findBusinessZone(tx));

const list = route(
  {
    method: 'get',
    path: '/waitlist-entries',
    tag,
    summary: 'Who waits, in the order in which they came',
    role: 'viewer',
    query: z.object({
      contact_id: id.optional(),
      service_id: id.optional(),
      staff_id: id.optional(),
      preference: preference.optional(),
      status: z.enum(ENTRY_STATUSES).optional(),
      ...pageQueryById,
    }),
    response: pageOf(EntryView),
  },
  async ({ tx, query: { cursor, limit, ...filter }, now }) => {
    const today = await todayOf(tx, now);
    const rows = await listEntries(tx, { ...filter, today, ...(cursor !== undefined && { after: cursor }), limit: limit + 1 });
    return toPage(rows, { limit, present: (row) => presentEntry(row, today), keyOf: (row) => row.id });
  },
);

const getEntry = route(
  { method: 'get', path: '/waitlist-entries/:id', tag, summary: 'One entry', role: 'viewer', params: ById, response: EntryView },
  async ({ tx, params, now }) => presentEntry(await findEntry(tx, params.id), await todayOf(tx, now)),
);

const editEntry = route(
  {
    method: 'patch',
    path: '/waitlist-entries/:id',
    tag,
    summary: 'Change what somebody waits for',
    action: 'waitlist_entry.updated',
    role: 'staff',
    params: ById,
    body: z.object({
      service_id: id.optional(),
      staff_id: id.nullable().optional(),
      weekdays: weekdays.optional(),
      windows: windows.optional(),
      earliest_date: date.nullable().optional(),
      latest_date: date.nullable().optional(),
      preference: preference.optional(),
    }),
    response: EntryView,
    problems: ['unknown_reference', 'changed_meanwhile', 'waitlist.entry_closed'],
  },
  async ({ tx, params, body: { earliestDate, latestDate, ...rest }, ifVersion, now }) => {
    const before = await findEntry(tx, params.id, 'forUpdate');
    if (before.status !== 'active') throw conflict('waitlist.entry_closed');
    const fields: EntryChange = {
      ...rest,
      ...(earliestDate !== undefined && { earliestOn: earliestDate }),
      ...(latestDate !== undefined && { latestOn: latestDate }),
    };
    const after = await updateEntry(tx, { id: params.id, fields, ifVersion, now });
    checkDates(after.earliestOn, after.latestOn);
    await noteWaiting(tx, { serviceId: after.serviceId, now });
    return presentEntry(after, await todayOf(tx, now));
  },
);

const deleteEntry = route(
  {
    method: 'delete',
    path: '/waitlist-entries/:id',
    tag,
    summary: 'Take a person off the waitlist',
    description: 'An offer that is open is withdrawn. The entry stays, removed.',
    action: 'waitlist_entry.removed',
    role: 'staff',
    params: ById,
    status: 204,
  },
  async ({ tx, params, now }) => {
    await withdrawEntry(tx, { id: params.id, reason: 'staff', now });
  },
);

export const waitlistEntryRoutes = [createEntry, list, getEntry, editEntry, deleteEntry];
