import type { DeskVisit } from '../../../db/day-schedules';
import { formatDay, formatHour } from '../../../domain/templates/when';
import { localDate, plusDays } from '../../../domain/time';
import type { Frame } from '../shell/shell';
import { linkTo, type Looked } from './asked';
import type { Member } from './day-grid';
import { calendarWords } from './words';

type Props = { frame: Frame; looked: Looked; first: string; today: string; staff: Member[]; visits: DeskVisit[] };

/** A week, a row for each member of staff and a column for each day. */
export function WeekTable({ frame, looked, first, today, staff, visits }: Props) {
  const { locale } = frame;
  const words = calendarWords(locale);
  const dates = Array.from({ length: 7 }, (_, index) => plusDays(first, index));
  const of = (staffId: string, date: string): DeskVisit[] =>
    visits.filter((visit) => visit.staffId === staffId && localDate(visit.startsAt, visit.zone) === date);
  return (
    <div class="calendar-scroll" role="region" aria-label={words.grid} tabIndex={0}>
      <table class="week">
        <thead>
          <tr>
            <td />
            {dates.map((date) => (
              <th key={date} scope="col" class={date === today ? 'today' : undefined}>
                <a href={linkTo(looked, { view: 'day', date })}>{formatDay({ date, locale })}</a>
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {staff.map(({ id, name }) => (
            <tr key={id}>
              <th scope="row">{name}</th>
              {dates.map((date) => (
                <td key={date} class={date === today ? 'today' : undefined}>
                  {of(id, date).map((visit) => (
                    <a key={visit.id} href={`/visits/${visit.id}`} class={`visit ${visit.status}`}>
                      <strong>{formatHour({ startsAt: visit.startsAt, venueZone: visit.zone, locale })}</strong> {visit.contactName}
                    </a>
                  ))}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
