import { z } from 'zod';
import type { AbsenceRow } from '../../db/availability';
import { id, instantOut } from '../wire';

export const AbsenceView = z
  .object({
    id,
    kind: z.enum(['time_off', 'closure']),
    staff_id: id.nullable(),
    location_id: id.nullable(),
    start_ts: instantOut,
    end_ts: instantOut,
    reason: z.string().nullable(),
  })
  .meta({ id: 'Absence' });

export const presentAbsence = ({ id, kind, staffId, locationId, startsAt, endsAt, reason }: AbsenceRow) => ({
  id,
  kind,
  staffId,
  locationId,
  startTs: startsAt,
  endTs: endsAt,
  reason,
});
