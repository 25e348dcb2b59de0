import { z } from 'zod';
import type { LocationRow } from '../../db/locations';
import type { WeeklyHours } from '../../domain/opening-hours';
import { id, instantOut, wallTime } from '../wire';

export const HoursView = z.array(z.object({ weekday: z.int(), from: wallTime, to: wallTime }));

export const LocationView = z
  .object({
    id,
    name: z.string(),
    address: z.string().nullable(),
    phone: z.string().nullable(),
    zone: z.string(),
    hours: HoursView,
    active: z.boolean(),
    version: z.int(),
    created_at: instantOut,
    updated_at: instantOut,
  })
  .meta({ id: 'Location' });

export const presentLocation = (
  { id, name, address, phone, zone, active, version, createdAt, updatedAt }: LocationRow,
  hours: WeeklyHours[],
) => ({
  id,
  name,
  address,
  phone,
  zone,
  hours,
  active,
  version,
  createdAt,
  updatedAt,
});
