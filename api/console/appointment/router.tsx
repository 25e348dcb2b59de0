import { findDeskVisit } from '../../../db/day-schedules';
import { listAppointmentMessages } from '../../../db/messages';
import { findStaffNames } from '../../../db/staff';
import { allowedNow, type HandAction } from '../../../domain/appointment';
import { presentMessage } from '../../presenters/message';
import { fieldOf } from '../../perform';
import { ask, routeOf } from '../shell/acting';
import { ownPath } from '../shell/form';
import type { ConsolePages, Seen, Shown } from '../shell/pages';
import { visitPath } from './buttons';
import { idOf } from './id';
import { versionSeen } from './version-seen';
import { moveForms } from './moving';
import { AppointmentPage, CancelPage } from './page';
import { visitWords } from './words';

const ONE_TAP = ['confirm', 'arrive', 'complete', 'no_show', 'cancel', 'undo'] as const satisfies HandAction[];
/** What R13 can take back. */
const UNDOABLE: readonly HandAction[] = ['arrive', 'complete', 'no_show'];

/** A visit's page and all that may be done with it. */
export function appointmentPages({ page, form }: ConsolePages): void {
  page('/visits/:id', { role: 'viewer', show: showVisit });
  page('/visits/:id/cancel', { role: 'staff', show: showCancel });
  moveForms({ page, form });
  for (const action of ONE_TAP) {
    const route = routeOf('post', `/appointments/:id/${action.replace('_', '-')}`);
    form(visitPath(':id', action), {
      role: 'staff',
      act: async (seen, fields) => {
        const { id = '' } = seen.params;
        const changed = await ask(seen, route, { params: { id }, ifVersion: versionSeen(seen, fields) });
        const undo = UNDOABLE.includes(action) ? `${visitPath(id, 'undo')}?version=${String(fieldOf(changed, 'version'))}` : undefined;
        return {
          to: ownPath(fields.get('back'), `/visits/${id}`),
          said: { tone: 'done', text: visitWords(seen.locale).said[action], undo },
        };
      },
    });
  }
}

async function showVisit({ tx, now, locale, frame, params }: Seen): Promise<Shown> {
  const visit = await findDeskVisit(tx, idOf(params));
  const rows = await listAppointmentMessages(tx, visit.id);
  const messages = rows.map((row) => presentMessage(row, { now, locale, zone: visit.zone }));
  const staffIds = rows.flatMap(({ staffId }) => staffId ?? []);
  const staff = await findStaffNames(tx, staffIds);
  return { page: <AppointmentPage frame={frame} visit={visit} now={now} messages={messages} staff={staff} /> };
}

async function showCancel({ tx, now, frame, params }: Seen): Promise<Shown> {
  const visit = await findDeskVisit(tx, idOf(params));
  if (!allowedNow(visit, now).includes('cancel')) return { to: `/visits/${visit.id}` };
  return { page: <CancelPage frame={frame} visit={visit} /> };
}
