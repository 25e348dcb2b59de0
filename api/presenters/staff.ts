import { z } from 'zod';
import type { StaffRow } from '../../db/staff';
import type { WeeklyHours } from '../../domain/opening-hours';
import { id, instantOut, localeIn, wallTime } from '../wire';
import { timeOf } from './business';
import { HoursView } from './location';

export const StaffView = z
  .object({
    id,
    location_id: id,
    name: z.string(),
    email: z.string().nullable(),
    phone: z.string().nullable(),
    locale: localeIn,
    permission_level: z.enum(['owner', 'admin', 'staff', 'viewer']),
    bookable: z.boolean(),
    do_not_disturb: z.object({ from: wallTime, to: wallTime }).nullable(),
    hours: HoursView,
    active: z.boolean(),
    version: z.int(),
    created_at: instantOut,
    updated_at: instantOut,
  })
  .meta({ id: 'Staff' });

export const presentStaff = ({ dndStartMinute, dndEndMinute, phoneE164, ...row }: StaffRow, hours: WeeklyHours[]) => ({
  id: row.id,
  locationId: row.locationId,
  name: row.name,
  email: row.email,
  phone: phoneE164,
  locale: row.locale,
  permissionLevel: row.permissionLevel,
  bookable: row.bookable,
  doNotDisturb: dndStartMinute === null || dndEndMinute === null ? null : { from: timeOf(dndStartMinute), to: timeOf(dndEndMinute) },
  hours,
  active: row.active,
  version: row.version,
  createdAt: row.createdAt,
  updatedAt: row.updatedAt,
});
