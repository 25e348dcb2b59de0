import { v7 as newId } from 'uuid';
import { findAppointment, type AppointmentRow } from '../../../db/appointments';
import { recordAudit } from '../../../db/audit';
import { isDeadlock } from '../../../db/errors';
import { findBookedSince } from '../../../db/links';
import { withBusiness, type Tx } from '../../../db/tenancy';
import { book, changeStatus, reschedule } from '../../booking';
import type { ApiDeps } from '../../deps';
import { conflict, Problem } from '../../problem';
import type { Opened } from './opened';
import { canBookAgain, canChange, visitState } from './state';
import { isOffered, type Choice } from './times';
import type { Said } from './wording';

// What a contact may do with their own visit, by its link. Each is safe to repeat: a second tap finds it done.

type Visiting = { opened: Opened; /** the schedule's version on the page that the reader saw */ seen: number; requestId: string };

export function confirmVisit(deps: ApiDeps, visiting: Visiting): Promise<Said> {
  const { visit, now } = visiting.opened;
  return act(deps, visiting, {
    name: 'confirmed',
    isDone: ({ status }) => status === 'confirmed',
    change: (tx) => changeStatus(tx, { id: visit.id, action: 'confirm', by: 'contact', now }),
  });
}

export function cancelVisit(deps: ApiDeps, visiting: Visiting): Promise<Said> {
  const { visit, now } = visiting.opened;
  return act(deps, visiting, {
    name: 'cancelled',
    isDone: ({ status }) => status === 'cancelled',
    change: (tx) => changeStatus(tx, { id: visit.id, action: 'cancel', by: 'contact', now }),
  });
}

/** Answers `taken` when the time is no longer free; the visit then stays where it was. */
export async function moveVisit(deps: ApiDeps, visiting: Visiting, choice: Choice): Promise<Said> {
  const { visit, now } = visiting.opened;
  const move = {
    name: 'moved' as const,
    isDone: ({ status, startsAt }: AppointmentRow) => status === 'booked' && startsAt === choice.startsAt,
    change: async (tx: Tx) => {
      if (!(await isOffered(tx, { visit, now, choice }))) throw conflict();
      return reschedule(tx, { id: visit.id, ...choice, by: 'contact', now });
    },
  };
  try {
    return await act(deps, visiting, move);
  } catch (error) {
    if (isGone(error)) return 'taken';
    throw error;
  }
}

/**
 * Books the service of a visit that is no more anew. Two taps go one after the other, and the second finds what the first has booked: `id` of the new
 * visit either way. `taken` when the time is no longer free.
 */
export async function bookAgain(deps: ApiDeps, { opened, requestId }: Omit<Visiting, 'seen'>, choice: Choice): Promise<Booked> {
  const { businessId, visit, now } = opened;
  const { contactId, serviceId } = visit;
  const work = async (tx: Tx): Promise<Booked> => {
    const current = await findAppointment(tx, visit.id, 'forUpdate');
    if (!canBookAgain(visitState(current, now))) return { said: 'stands', id: null };
    const known = await findBookedSince(tx, { id: visit.id, now });
    if (known) return { said: 'booked', id: known.id };
    if (!(await isOffered(tx, { visit, now, choice }))) return { said: 'taken', id: null };
    const wish = {
      id: newId(),
      contactId,
      serviceId,
      ...choice,
      source: 'link',
      externalRef: null,
      note: null,
      by: 'contact' as const,
      now,
    };
    const { id } = await book(tx, wish, deps);
    await recordAudit(tx, { ...entry(contactId, 'booked'), id: newId(), subjectId: id, requestId, now });
    return { said: 'booked', id };
  };
  try {
    return await withBusiness(deps.db, businessId, work);
  } catch (error) {
    if (isDeadlock(error)) return { said: 'again', id: null };
    if (isGone(error)) return { said: 'taken', id: null };
    throw error;
  }
}

type Booked = { said: Said; id: string | null };

/** The time asked for cannot be had any more. */
const isGone = (error: unknown): boolean =>
  error instanceof Problem && (error.code === 'conflict' || error.code === 'appointment.in_the_past');

type Action = {
  name: 'confirmed' | 'cancelled' | 'moved';
  isDone: (current: AppointmentRow) => boolean;
  change: (tx: Tx) => Promise<AppointmentRow>;
};

/** One transaction: looks at the visit under lock, so that nothing is done to a time that the reader did not see. */
async function act(deps: ApiDeps, { opened, seen, requestId }: Visiting, { name, isDone, change }: Action): Promise<Said> {
  const { businessId, visit, now } = opened;
  const work = async (tx: Tx): Promise<Said> => {
    const current = await findAppointment(tx, visit.id, 'forUpdate');
    if (isDone(current)) return name;
    if (!canChange(visitState(current, now))) return 'stands';
    if (current.scheduleVersion !== seen) return 'changed';
    await change(tx);
    await recordAudit(tx, { ...entry(visit.contactId, name), id: newId(), subjectId: visit.id, requestId, now });
    return name;
  };
  try {
    return await withBusiness(deps.db, businessId, work);
  } catch (error) {
    if (isDeadlock(error)) return 'again';
    throw error;
  }
}

const entry = (contactId: string, name: Action['name'] | 'booked') => ({
  actorKind: 'contact',
  actorId: contactId,
  action: `appointment.${name === 'moved' ? 'rescheduled' : name}`,
  subjectKind: 'appointment',
  changes: { fields: [] },
});
