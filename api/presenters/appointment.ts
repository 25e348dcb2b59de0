import { z } from 'zod';
import type { AppointmentRow } from '../../db/appointments';
import { id, instantOut } from '../wire';

export const AppointmentStatusView = z.enum(['held', 'booked', 'confirmed', 'arrived', 'completed', 'cancelled', 'no_show', 'expired']);

export const AppointmentView = z
  .object({
    id,
    status: AppointmentStatusView,
    contact_id: id,
    service_id: id,
    staff_id: id,
    location_id: id,
    resource_ids: z.array(id),
    start_ts: instantOut,
    end_ts: instantOut,
    zone: z.string().meta({ description: "the venue's IANA zone" }),
    source: z.string(),
    external_ref: z.string().nullable(),
    note: z.string().nullable(),
    hold_expires_at: instantOut.nullable(),
    booked_at: instantOut.nullable(),
    cancelled_at: instantOut.nullable(),
    cancelled_by: z.string().nullable(),
    schedule_version: z.number().int().meta({ description: 'rises when the start changes' }),
    version: z.number().int(),
    created_at: instantOut,
    updated_at: instantOut,
  })
  .meta({ id: 'Appointment' });

/** A visit as clients see it, with the resources it takes. */
export function presentAppointment(row: AppointmentRow, resourceIds: string[]) {
  const {
    id: appointmentId,
    status,
    contactId,
    serviceId,
    staffId,
    locationId,
    zone,
    source,
    externalRef,
    note,
    version,
    scheduleVersion,
  } = row;
  const { startsAt: startTs, endsAt: endTs, holdExpiresAt, bookedAt, cancelledAt, cancelledBy, createdAt, updatedAt } = row;
  const ids = { id: appointmentId, contactId, serviceId, staffId, locationId, resourceIds };
  const times = { startTs, endTs, zone, holdExpiresAt, bookedAt, cancelledAt, createdAt, updatedAt };
  return { ...ids, status, ...times, source, externalRef, note, cancelledBy, scheduleVersion, version };
}

export const SlotView = z
  .object({ start_ts: instantOut, end_ts: instantOut, staff_id: id, resource_ids: z.array(id), location_id: id, zone: z.string() })
  .meta({ id: 'Slot' });

type PlacedSlot = { startsAt: string; endsAt: string; staffId: string; resourceIds: string[]; locationId: string; zone: string };

export const presentSlot = ({ startsAt: startTs, endsAt: endTs, staffId, resourceIds, locationId, zone }: PlacedSlot) => ({
  startTs,
  endTs,
  staffId,
  resourceIds,
  locationId,
  zone,
});
