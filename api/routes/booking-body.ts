import { v7 as newId } from 'uuid';
import { z } from 'zod';
import { findAppointment, findAppointmentResources, type AppointmentRow } from '../../db/appointments';
import { findContact } from '../../db/contacts';
import { RowChanged, RowMissing } from '../../db/errors';
import { findServiceZone } from '../../db/services';
import { findStaff } from '../../db/staff';
import type { Tx } from '../../db/tenancy';
import { MINUTE_MS } from '../../domain/time';
import type { BookingInput } from '../booking';
import { invalidField, Problem } from '../problem';
import type { Call } from '../route';
import { id, momentIn, resolveMoment, text } from '../wire';

/** Who does it: what the contact did is told them at any hour, for 15 minutes (R20). */
export const byIn = z.enum(['contact', 'staff']).meta({
  description: 'whose wish it is. A notice to a contact about what they just did themselves does not wait for the end of quiet hours',
});
export const sourceIn = z.string().regex(/^[a-z_]{2,30}$/);

/** What POST /appointments and POST /holds take. A local time without offset is the venue's. */
export const bookingBody = z.object({
  contact_id: id,
  service_id: id,
  staff_id: id.optional(),
  start_ts: momentIn,
  end_ts: momentIn.optional(),
  source: sourceIn.default('api'),
  external_ref: text(200).optional(),
  note: text(2_000).optional(),
  by: byIn.optional(),
});

type BookingCall = Pick<Call, 'tx' | 'now'> & { body: Call<z.ZodObject, z.ZodObject, typeof bookingBody>['body'] };

/** The booking asked for, its local time read on the venue's clock. Throws 404 for an id of nobody, 422 for times that contradict the service. */
export async function bookingInput({ tx, now, body }: BookingCall): Promise<BookingInput> {
  const { contactId, serviceId, staffId, source, externalRef, note, by } = body;
  await referred(findContact(tx, contactId, 'forKeyShare'));
  await knownStaff(tx, staffId);
  const { zone, durationMin } = await referred(findServiceZone(tx, { serviceId, staffId: staffId ?? null }));
  const startsAt = resolveMoment(body.startTs, zone, 'start_ts');
  if (body.endTs !== undefined) {
    const endsAt = resolveMoment(body.endTs, zone, 'end_ts');
    if (endsAt <= startsAt) throw invalidField('end_ts', 'must be later than start_ts');
    if (Date.parse(endsAt) - Date.parse(startsAt) !== durationMin * MINUTE_MS)
      throw invalidField('end_ts', `the service takes ${durationMin} minutes`);
  }
  const rest = { source, externalRef: externalRef ?? null, note: note ?? null, by: by ?? ('api' as const), now };
  return { id: newId(), contactId, serviceId, staffId: staffId ?? null, startsAt, ...rest };
}

/** Throws 404 for an id in a body or query that names nobody here: such a wish is no collision. */
export async function knownStaff(tx: Tx, staffId: string | undefined): Promise<void> {
  if (staffId !== undefined) await referred(findStaff(tx, staffId));
}

async function referred<T>(found: Promise<T>): Promise<T> {
  return found.catch((error: unknown) => {
    throw error instanceof RowMissing ? new Problem('unknown_reference', { what: error.what }) : error;
  });
}

/** The visit under lock, if it is still at the version that the caller saw (If-Match; null: any). Throws RowChanged, RowMissing. */
export async function findVersion(tx: Tx, id: string, ifVersion: number | null): Promise<AppointmentRow> {
  const found = await findAppointment(tx, id, 'forUpdate');
  if (ifVersion !== null && found.version !== ifVersion) throw new RowChanged('appointment');
  return found;
}

/** The resources of one visit. */
export async function resourcesOf(tx: Tx, appointmentId: string): Promise<string[]> {
  return (await findAppointmentResources(tx, [appointmentId])).get(appointmentId) ?? [];
}
