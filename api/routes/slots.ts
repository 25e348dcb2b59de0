import { z } from 'zod';
import { DAY_MS, HOUR_MS } from '../../domain/time';
import { findSlots } from '../booking';
import { presentSlot, SlotView } from '../presenters/appointment';
import { invalidField } from '../problem';
import { route } from '../route';
import { id, instantIn } from '../wire';
import { knownStaff } from './booking-body';

// 60 local days have an hour more when autumn is among them.
const LONGEST_MS = 60 * DAY_MS + HOUR_MS;

const listSlots = route(
  {
    method: 'get',
    path: '/slots',
    tag: 'Appointments',
    summary: 'Everything free at once: hours, staff, resources, buffers and holds (up to 60 days)',
    role: 'viewer',
    query: z.object({ service_id: id, from: instantIn, to: instantIn, staff_id: id.optional() }),
    response: z.object({ slots: z.array(SlotView) }),
    problems: ['unknown_reference'],
  },
  async ({ query: { serviceId, from, to, staffId }, tx, now }) => {
    if (to <= from) throw invalidField('to', 'must be later than from');
    if (Date.parse(to) - Date.parse(from) > LONGEST_MS) throw invalidField('to', 'at most 60 days after from');
    await knownStaff(tx, staffId);
    const slots = await findSlots(tx, { serviceId, staffId: staffId ?? null, from, to, now });
    return { slots: slots.map(presentSlot) };
  },
);

export const slotRoutes = [listSlots];
