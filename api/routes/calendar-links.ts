import { v7 as newId } from 'uuid';
import { z } from 'zod';
import { ensureCalendarLink, revokeCalendarLink } from '../../db/links';
import { findStaff } from '../../db/staff';
import { route } from '../route';
import { ById } from '../wire';

const tag = 'Staff';

const createLink = route(
  {
    method: 'post',
    path: '/staff/:id/calendar-link',
    tag,
    summary: "The address of a staff member's calendar feed",
    description:
      'A secret address (.ics) to subscribe to: visits from 30 days ago to 180 days ahead, contacts by first name and initial. Asked again it is the same one, until it is revoked.',
    action: 'staff.calendar_linked',
    role: 'admin',
    params: ById,
    response: z.object({ url: z.url() }).meta({ id: 'CalendarLink' }),
  },
  async ({ params, tx, now, deps }) => {
    await findStaff(tx, params.id);
    const token = await ensureCalendarLink(tx, { newId: newId(), staffId: params.id, hash: deps.hash, now });
    return { url: `${deps.settings.publicUrl}/calendar/staff/${token}.ics` };
  },
);

const revokeLink = route(
  {
    method: 'delete',
    path: '/staff/:id/calendar-link',
    tag,
    summary: 'End the address at once; the next one is another',
    action: 'staff.calendar_unlinked',
    role: 'admin',
    params: ById,
    status: 204,
  },
  async ({ params, tx, now }) => {
    await findStaff(tx, params.id);
    await revokeCalendarLink(tx, { staffId: params.id, now });
    return undefined;
  },
);

export const calendarLinkRoutes = [createLink, revokeLink];
