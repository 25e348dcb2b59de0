import type { Actor, AppointmentRow } from '../db/appointments';
import { changeAppointment, findAppointment, insertAppointment, moveAppointment } from '../db/appointments';
import { ring } from '../db/doorbell';
import { expireStaleHolds } from '../db/holds';
import { unlessTaken } from '../db/unless-taken';
import type { Hasher } from '../db/hashing';
import { ensureVisitLink } from '../db/links';
import type { SlotPlace, SlotQuestion } from '../db/slot-facts';
import { findSlotFacts } from '../db/slot-facts';
import type { Tx } from '../db/tenancy';
import type { AppointmentAction, AppointmentStatus } from '../domain/appointment';
import { HOLD_MS, transition } from '../domain/appointment';
import { resourceGroups } from '../domain/resource-groups';
import { pickStaff } from '../domain/round-robin';
import type { BookingFacts, Slot, SlotRefusal } from '../domain/slots';
import { alternatives, checkSlot, freeSlots } from '../domain/slots';
import type { Instant } from '../domain/time';
import { DAY_MS, HOUR_MS, MINUTE_MS, plusMs } from '../domain/time';
import { appointmentProcess } from '../workflows/contracts/appointment';
import { noteBooked, noteStatus } from './cadences';
import { noteFreed, noteTaken } from './freed-slots';
import { presentSlot } from './presenters/appointment';
import { conflict, gone, invalid } from './problem';
import { IN_THE_PAST } from './problem-codes-appointment';

// Booking, hold and move: one transaction each (R12). The look at the facts gives a clear answer; the database's constraint decides.

export type PlacedSlot = Slot & { locationId: string; zone: string };
export type SlotRange = Omit<SlotQuestion, 'ignoreId'> & Partial<Pick<SlotQuestion, 'ignoreId'>>;

/** Everything free at once in a range of up to 60 days (A1), in one query. Throws RowMissing for an unknown service. */
export async function findSlots(tx: Tx, range: SlotRange): Promise<PlacedSlot[]> {
  const { service, stepMin, places } = await findSlotFacts(tx, { ignoreId: null, ...range });
  const slots = places.flatMap((place) => {
    const facts = { ...bookingFacts(place, service, range.now), from: range.from, to: range.to, stepMin };
    return freeSlots(facts).map((slot) => ({ ...slot, locationId: place.locationId, zone: place.zone }));
  });
  return slots.sort((a, b) => (a.startsAt < b.startsAt ? -1 : Number(a.startsAt > b.startsAt)));
}

type Service = Parameters<typeof bookingFacts>[1];
function bookingFacts(place: SlotPlace, service: Omit<BookingFacts['service'], 'resourceGroups'>, now: Instant): BookingFacts {
  return { ...place, now, service: { ...service, resourceGroups: resourceGroups(place.resources) } };
}

export type BookingInput = {
  id: string;
  contactId: string;
  serviceId: string;
  /** Wanted, or whoever's turn it is (R11). */
  staffId: string | null;
  startsAt: Instant;
  source: string;
  externalRef: string | null;
  note: string | null;
  by: Actor;
  now: Instant;
};

/** What makes the link to a visit's page. */
type Links = { hash: Pick<Hasher, 'linkToken'> };

/** Books a visit, opens its link and wakes its process. Throws 409 `conflict` with the next free slots, 422 for a start in the past. */
export async function book(tx: Tx, input: BookingInput, { hash }: Links): Promise<AppointmentRow> {
  const walkIn = input.source === 'walk_in';
  const created = await takeSlot(tx, { ...input, ignoreId: null }, (taken) =>
    insertAppointment(tx, { ...newRow(input, taken), status: walkIn ? 'arrived' : 'booked', holdExpiresAt: null }),
  );
  await ensureVisitLink(tx, { appointmentId: created.id, hash, now: input.now });
  await noteBooked(tx, input);
  return rung(tx, created, input.now);
}

/** Takes a slot for ten minutes, without a process (R12). Throws like `book`. */
export async function hold(tx: Tx, input: BookingInput): Promise<AppointmentRow> {
  const holdExpiresAt = plusMs(input.now, HOLD_MS);
  return takeSlot(tx, { ...input, ignoreId: null }, (taken) =>
    insertAppointment(tx, { ...newRow(input, taken), status: 'held', holdExpiresAt }),
  );
}

type HoldBooking = {
  id: string;
  /** Null: whoever asked for the hold. */
  by: Actor | null;
  /** What is said of it only now. */
  about: Partial<Pick<AppointmentRow, 'contactId' | 'source' | 'externalRef' | 'note'>>;
  now: Instant;
};

/** Makes a hold a booking. Throws 410 `hold_expired`, RowMissing. */
export async function bookHold(tx: Tx, { id, by, about, now }: HoldBooking, { hash }: Links): Promise<AppointmentRow> {
  const before = await findAppointment(tx, id, 'forUpdate');
  const next = transition(before, 'book', now);
  if ('refused' in next) throw next.refused === 'appointment.hold_expired' ? gone('hold_expired') : conflict(next.refused);
  const booked = {
    status: next.status,
    previousStatus: before.status,
    statusChangedAt: now,
    holdExpiresAt: null,
    bookedAt: now,
    bookedBy: by ?? before.bookedBy ?? 'api',
  };
  await ensureVisitLink(tx, { appointmentId: id, hash, now });
  await noteTaken(tx, { ...before, now });
  const after = await changeAppointment(tx, id, { ...about, ...booked, now });
  await noteBooked(tx, { contactId: after.contactId, now });
  return rung(tx, after, now);
}

/** Moves a visit. If the new slot is taken the old one stays (409 `conflict` with alternatives). */
export async function reschedule(
  tx: Tx,
  { id, startsAt, staffId, by, now }: { id: string; startsAt: Instant; staffId: string | null; by: Actor; now: Instant },
): Promise<AppointmentRow> {
  const before = await findAppointment(tx, id, 'forUpdate');
  const next = transition(before, 'reschedule', now);
  if ('refused' in next) throw conflict(next.refused);
  if (startsAt === before.startsAt && (staffId === null || staffId === before.staffId)) return before;
  const wanted = { ...before, startsAt, staffId, keepStaffId: before.staffId, ignoreId: id, now };
  const moved = await takeSlot(tx, wanted, (taken) => moveAppointment(tx, before, { ...taken, by, now }));
  await noteFreed(tx, before, { cause: 'moved', now });
  // A confirmation was for the old time; the same time with other staff stays confirmed (R5).
  const status = startsAt === before.startsAt ? before.status : next.status;
  const after =
    status === moved.status ? moved : await changeAppointment(tx, id, { status, previousStatus: before.status, statusChangedAt: now, now });
  return rung(tx, after, now);
}

/** Confirm, arrive, complete, no-show, cancel, undo (R13). The same twice changes nothing. Throws 409 with the refusal's code. */
export async function changeStatus(
  tx: Tx,
  { id, action, by, now }: { id: string; action: Exclude<AppointmentAction, 'book' | 'reschedule' | 'expire'>; by: Actor; now: Instant },
): Promise<AppointmentRow> {
  const before = await findAppointment(tx, id, 'forUpdate');
  if (isRepeat(before.status, action)) return before;
  const next = transition(before, action, now);
  if ('refused' in next) throw conflict(next.refused);
  if (next.status === before.status) return before;
  const change = { status: next.status, previousStatus: before.status, statusChangedAt: now, ...marks(next.status, by, now), now };
  // Undo makes a visit live again: its time may be somebody else's by now.
  const after = await unlessTaken(tx, () => changeAppointment(tx, id, change));
  if (!after) throw conflict('conflict');
  if (action === 'cancel') await noteFreed(tx, before, { cause: 'cancelled', now });
  if (action === 'undo') await noteTaken(tx, { ...before, now });
  await noteStatus(tx, after, { action, now });
  return rung(tx, after, now);
}

const isRepeat = (status: AppointmentStatus, action: string): boolean =>
  (status === 'cancelled' && action === 'cancel') ||
  (status === 'arrived' && action === 'arrive') ||
  (status === 'completed' && action === 'complete') ||
  (status === 'no_show' && action === 'no_show');

const marks = (status: AppointmentStatus, by: Actor, now: Instant) => ({
  cancelledAt: status === 'cancelled' ? now : null,
  cancelledBy: status === 'cancelled' ? by : null,
  noShowAt: status === 'no_show' ? now : null,
  completedAt: status === 'completed' ? now : null,
});

async function rung(tx: Tx, appointment: AppointmentRow, now: Instant): Promise<AppointmentRow> {
  await ring(tx, { ...appointmentProcess(appointment.id), version: appointment.version, now });
  return appointment;
}

type Taken = {
  staffId: string;
  locationId: string;
  zone: string;
  startsAt: Instant;
  endsAt: Instant;
  resourceIds: string[];
  bufferBeforeMin: number;
  bufferAfterMin: number;
};
type Wanted = {
  serviceId: string;
  staffId: string | null;
  keepStaffId?: string;
  startsAt: Instant;
  source: string;
  ignoreId: string | null;
  now: Instant;
};

const newRow = (input: BookingInput, { zone, ...taken }: Taken) => ({
  id: input.id,
  contactId: input.contactId,
  serviceId: input.serviceId,
  source: input.source,
  externalRef: input.externalRef,
  note: input.note,
  by: input.by,
  now: input.now,
  ...taken,
  zone,
});

/** A walk-in sits down while it is being typed in. */
const WALK_IN_GRACE_MS = 15 * MINUTE_MS;

/** Finds who and what is free, in the order of R11, and lets `take` try; the constraint may still say no to one after the other. */
async function takeSlot(tx: Tx, wanted: Wanted, take: (taken: Taken) => Promise<AppointmentRow>): Promise<AppointmentRow> {
  const question = {
    serviceId: wanted.serviceId,
    staffId: wanted.staffId,
    from: wanted.startsAt,
    to: plusMs(wanted.startsAt, DAY_MS),
    now: wanted.now,
    ignoreId: wanted.ignoreId,
  };
  const { service, places } = await findSlotFacts(tx, question);
  const asOf = wanted.source === 'walk_in' ? plusMs(wanted.now, -WALK_IN_GRACE_MS) : wanted.now;
  if (wanted.startsAt < asOf) throw invalid('appointment.in_the_past', [{ path: 'start_ts', message: IN_THE_PAST }]);

  const refusals = new Set<SlotRefusal>();
  for (const place of places) {
    const facts = bookingFacts(place, service, asOf);
    const free = new Map<string, Slot>();
    for (const { id } of place.staff) {
      const check = checkSlot(facts, { startsAt: wanted.startsAt, staffId: id });
      if (check.free) free.set(id, check.slot);
      else refusals.add(check.refusal);
    }
    const taken = await takeOne(tx, { place, service, free, wanted, take });
    if (!taken) continue;
    await noteTaken(tx, { ...taken, now: wanted.now });
    return taken;
  }
  throw conflict('conflict', {
    reason: refusals.size === 1 ? [...refusals][0] : 'staff_busy',
    alternatives: (await findAlternatives(tx, wanted)).map(presentSlot),
  });
}

type Attempt = {
  place: SlotPlace;
  service: Service;
  free: Map<string, Slot>;
  wanted: Wanted;
  take: (taken: Taken) => Promise<AppointmentRow>;
};

async function takeOne(tx: Tx, { place, service, free, wanted, take }: Attempt): Promise<AppointmentRow | null> {
  const candidates = place.staff.filter(({ id }) => free.has(id));
  for (
    let staffId = pickStaff(candidates, wanted.staffId ?? wanted.keepStaffId);
    staffId !== null;
    staffId = pickStaff(candidates, wanted.staffId ?? wanted.keepStaffId)
  ) {
    const slot = free.get(staffId);
    if (!slot) return null;
    const { bufferBeforeMin, bufferAfterMin } = service;
    await expireStaleHolds(tx, {
      staffIds: [staffId],
      resourceIds: slot.resourceIds,
      from: plusMs(slot.startsAt, -bufferBeforeMin * MINUTE_MS),
      to: plusMs(slot.endsAt, bufferAfterMin * MINUTE_MS),
      now: wanted.now,
    });
    const taken: Taken = { ...slot, locationId: place.locationId, zone: place.zone, bufferBeforeMin, bufferAfterMin };
    const row = await unlessTaken(tx, () => take(taken));
    if (row) return row;
    candidates.splice(
      candidates.findIndex(({ id }) => id === staffId),
      1,
    );
  }
  return null;
}

const LOOK_BACK_MS = 2 * HOUR_MS;
const LOOK_AHEAD_MS = 14 * DAY_MS;

/** The next free slots around a time that could not be had. */
async function findAlternatives(tx: Tx, wanted: Wanted): Promise<PlacedSlot[]> {
  const span = { from: plusMs(wanted.startsAt, -LOOK_BACK_MS), to: plusMs(wanted.startsAt, LOOK_AHEAD_MS) };
  const { service, stepMin, places } = await findSlotFacts(tx, {
    serviceId: wanted.serviceId,
    staffId: wanted.staffId,
    ...span,
    now: wanted.now,
    ignoreId: wanted.ignoreId,
  });
  return places
    .flatMap((place) =>
      alternatives(
        { ...bookingFacts(place, service, wanted.now), ...span, stepMin },
        { startsAt: wanted.startsAt, staffId: wanted.staffId },
      ).map((slot) => ({
        ...slot,
        locationId: place.locationId,
        zone: place.zone,
      })),
    )
    .sort((a, b) => (a.startsAt < b.startsAt ? -1 : 1))
    .slice(0, 5);
}
