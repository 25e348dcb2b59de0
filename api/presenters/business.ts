import { z } from 'zod';
import type { BusinessRow } from '../../db/businesses';
import { id, instantOut, localeIn, wallTime } from '../wire';

export const BUSINESS_STATUSES = ['active', 'paused', 'canceled'] as const;

export const BusinessView = z
  .object({
    id,
    name: z.string(),
    slug: z.string(),
    status: z.enum(BUSINESS_STATUSES),
    zone: z.string(),
    locale: localeIn,
    phone: z.string().nullable(),
    email: z.string().nullable(),
    postal_address: z.string().nullable().meta({ description: 'stands in every marketing e-mail; without it none is sent' }),
    quiet_hours: z.object({ from: wallTime, to: wallTime }),
    slot_step_min: z.int(),
    waitlist_batch_size: z.int().meta({ description: 'how many people on the waitlist are offered a freed slot at once' }),
    version: z.int(),
    created_at: instantOut,
    updated_at: instantOut,
  })
  .meta({ id: 'Business' });

export const presentBusiness = ({ quietStartMinute, quietEndMinute, ...row }: BusinessRow) => ({
  id: row.id,
  name: row.name,
  slug: row.slug,
  status: row.status,
  zone: row.zone,
  locale: row.locale,
  phone: row.phone,
  email: row.email,
  postalAddress: row.postalAddress,
  quietHours: { from: timeOf(quietStartMinute), to: timeOf(quietEndMinute) },
  slotStepMin: row.slotStepMin,
  waitlistBatchSize: row.waitlistBatchSize,
  version: row.version,
  createdAt: row.createdAt,
  updatedAt: row.updatedAt,
});

/** Minutes after midnight as 09:30. */
export const timeOf = (minute: number): string =>
  `${String(Math.floor(minute / 60)).padStart(2, '0')}:${String(minute % 60).padStart(2, '0')}`;
