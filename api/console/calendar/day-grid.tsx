import type { DeskVisit } from '../../../db/day-schedules';
import type { Locale } from '../../../domain/message';
import type { WeeklyHours } from '../../../domain/opening-hours';
import { formatHour } from '../../../domain/templates/when';
import type { Instant } from '../../../domain/time';
import { isAtLeast } from '../../caller';
import { visitWords } from '../appointment/words';
import type { Frame } from '../shell/shell';
import { hoursOf, rowClasses, rowOf, spanOf, type GridSpan } from './grid-rows';
import { calendarWords } from './words';

export type Member = { id: string; name: string };
type Props = { frame: Frame; date: string; zone: string; now: Instant; staff: Member[]; visits: DeskVisit[]; hours: WeeklyHours[] };

/** A day by the clock, a column for each member of staff. What a drag needs to know stands in data attributes (console.js). */
export function DayGrid({ frame, date, zone, now, staff, visits, hours }: Props) {
  const span = spanOf(visits, hours);
  const words = calendarWords(frame.locale);
  const short = visits.some(({ startsAt, endsAt }) => Date.parse(endsAt) - Date.parse(startsAt) < 30 * 60_000);
  const nowRow = rowOf(now, { date, zone, ...span });
  return (
    <div class="calendar-scroll" role="region" aria-label={words.grid} tabIndex={0}>
      <div class={`day-grid ${short ? 'roomy' : ''} h${String((span.toMin - span.fromMin) / 60)}`} data-grid data-from-min={span.fromMin}>
        <div class="hours" aria-hidden="true">
          <p class="column-head" />
          <div class="rows">
            {hoursOf(span).map(({ time, row }) => (
              <span key={time} class={row}>
                {hourLabel(time, frame.locale)}
              </span>
            ))}
          </div>
        </div>
        {staff.map(({ id, name }) => (
          <section key={id} class="column" aria-label={name}>
            <h2 class="column-head">{name}</h2>
            <div class="rows" data-column={id} data-date={date}>
              {nowRow !== null && <span class={`now-line ${nowRow}`} />}
              {visits
                .filter(({ staffId }) => staffId === id)
                .map((visit) => (
                  <GridVisit key={visit.id} visit={visit} span={span} frame={frame} />
                ))}
            </div>
          </section>
        ))}
      </div>
    </div>
  );
}

function GridVisit({ visit, span, frame }: { visit: DeskVisit; span: GridSpan; frame: Frame }) {
  const { locale, role } = frame;
  return (
    <a
      href={`/visits/${visit.id}`}
      class={`visit ${visit.status} ${rowClasses(visit, span)}`}
      {...(isAtLeast(role, 'staff') && canMove(visit) && { draggable: true, 'data-visit': visit.id, 'data-version': visit.version })}
    >
      <strong>{formatHour({ startsAt: visit.startsAt, venueZone: visit.zone, locale })}</strong> {visit.contactName}
      <span class="what">
        {visit.serviceName}
        <span class="unseen">{`, ${visitWords(locale).statuses[visit.status]}`}</span>
      </span>
    </a>
  );
}

/** Who has arrived sits here: moving them by a slip of the hand would make them somebody who is yet to come. Their page can. */
const canMove = ({ status }: DeskVisit): boolean => status === 'booked' || status === 'confirmed';

function hourLabel(time: string, locale: Locale): string {
  if (locale === 'es') return time;
  const hour = Number(time.slice(0, 2));
  return `${String(hour % 12 || 12)} ${hour < 12 ? 'AM' : 'PM'}`;
}
