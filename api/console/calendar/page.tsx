import type { DeskVisit } from '../../../db/day-schedules';
import type { WeeklyHours } from '../../../domain/opening-hours';
import { formatDay, formatHour } from '../../../domain/templates/when';
import { localDate, plusDays, type Instant } from '../../../domain/time';
import { isAtLeast } from '../../caller';
import { visitWords } from '../appointment/words';
import { Empty, Table } from '../shell/parts';
import { Hidden, Shell, type Frame } from '../shell/shell';
import { todayWords } from '../today/words';
import { daysOf, linkTo, step, STATUSES, type Looked, type View } from './asked';
import { DayGrid, type Member } from './day-grid';
import { WeekTable } from './week-table';
import { calendarWords } from './words';

export type CalendarProps = {
  frame: Frame;
  looked: Looked;
  today: string;
  zone: string;
  now: Instant;
  staff: Member[];
  services: Member[];
  visits: DeskVisit[];
  /** When there is somebody to come to, on the day of the day's view. */ hours: WeeklyHours[];
};

const VIEWS: readonly View[] = ['day', 'week', 'list'];

/** The calendar by day, by week, or as a list. */
export function CalendarPage(props: CalendarProps) {
  const { frame, looked, today } = props;
  const { locale } = frame;
  const words = calendarWords(locale);
  const { first, count } = daysOf(looked);
  const day = (date: string): string => formatDay({ date, locale });
  const title = count === 1 ? day(first) : words.week(day(first), day(plusDays(first, count - 1)));
  return (
    <Shell frame={frame} title={`${words.title}: ${title}`} room="calendar">
      <div class="head">
        <h1>{title}</h1>
        <nav class="actions no-print" aria-label={words.views}>
          {VIEWS.map((view) => (
            <a key={view} class="button" href={linkTo(looked, { view })} aria-current={view === looked.view ? 'true' : undefined}>
              {words.view[view]}
            </a>
          ))}
        </nav>
      </div>
      <div class="actions calendar-steps no-print">
        <a class="button" href={step(looked, -1)} rel="prev">
          {words.before[looked.view]}
        </a>
        <a class="button" href={linkTo(looked, { date: today })}>
          {words.today}
        </a>
        <a class="button" href={step(looked, 1)} rel="next">
          {words.after[looked.view]}
        </a>
        {isAtLeast(frame.role, 'staff') && (
          <a class="button primary" href={`/book?date=${looked.date}`}>
            {words.book}
          </a>
        )}
      </div>
      <Filters {...props} />
      <Body {...props} />
    </Shell>
  );
}

function Body({ frame, looked, today, zone, now, staff, visits, hours }: CalendarProps) {
  const words = calendarWords(frame.locale);
  const shown = looked.staffId === null ? staff : staff.filter(({ id }) => id === looked.staffId);
  if (looked.view === 'list') return <VisitList frame={frame} visits={visits} />;
  if (staff.length === 0)
    return (
      <Empty title={words.noStaff}>
        <p>{words.noStaffHint}</p>
      </Empty>
    );
  const standing = looked.status === null ? visits.filter(({ status }) => status !== 'cancelled') : visits;
  if (looked.view === 'week')
    return <WeekTable frame={frame} looked={looked} first={daysOf(looked).first} today={today} staff={shown} visits={standing} />;
  return (
    <>
      <DayGrid frame={frame} date={looked.date} zone={zone} now={now} staff={shown} visits={standing} hours={hours} />
      {isAtLeast(frame.role, 'staff') && (
        <form id="drag" method="post" class="no-print">
          <Hidden frame={frame} />
          <input type="hidden" name="start_ts" />
          <input type="hidden" name="staff_id" />
          <input type="hidden" name="version" />
          <p class="hint needs-script by-mouse">{words.dragHint}</p>
        </form>
      )}
    </>
  );
}

function Filters({ frame: { locale }, looked, staff, services }: CalendarProps) {
  const words = calendarWords(locale);
  const { statuses } = visitWords(locale);
  return (
    <form method="get" action="/calendar" class="filters no-print" aria-label={words.filters}>
      <input type="hidden" name="view" value={looked.view} />
      <input type="hidden" name="date" value={looked.date} />
      <Pick name="staff_id" all={words.allStaff} value={looked.staffId} choices={staff} label={todayWords(locale).columns.staff} />
      <Pick
        name="service_id"
        all={words.allServices}
        value={looked.serviceId}
        choices={services}
        label={todayWords(locale).columns.service}
      />
      <Pick
        name="status"
        all={words.allStatuses}
        value={looked.status}
        choices={STATUSES.map((id) => ({ id, name: statuses[id] }))}
        label={todayWords(locale).columns.status}
      />
      <button>{words.show}</button>
    </form>
  );
}

type PickProps = { name: string; label: string; all: string; value: string | null; choices: Member[] };

const Pick = ({ name, label, all, value, choices }: PickProps) => (
  <div class="field">
    <label for={name} class="unseen">
      {label}
    </label>
    <select id={name} name={name}>
      <option value="">{all}</option>
      {choices.map((choice) => (
        <option key={choice.id} value={choice.id} selected={choice.id === value}>
          {choice.name}
        </option>
      ))}
    </select>
  </div>
);

function VisitList({ frame: { locale }, visits }: { frame: Frame; visits: DeskVisit[] }) {
  const words = calendarWords(locale);
  const { columns } = todayWords(locale);
  if (visits.length === 0)
    return (
      <Empty title={words.none}>
        <p>{words.noneHint}</p>
      </Empty>
    );
  const rows = visits.map((visit) => ({
    id: visit.id,
    class: visit.status,
    cells: {
      time: (
        <a href={`/visits/${visit.id}`}>
          {formatDay({ date: localDate(visit.startsAt, visit.zone), locale })},{' '}
          {formatHour({ startsAt: visit.startsAt, venueZone: visit.zone, locale })}
        </a>
      ),
      contact: visit.contactName,
      service: visit.serviceName,
      staff: visit.staffName,
      status: <span class={`state ${visit.status}`}>{visitWords(locale).statuses[visit.status]}</span>,
    },
  }));
  const shown = (['time', 'contact', 'service', 'staff', 'status'] as const).map((key) => ({ key, name: columns[key] }));
  return <Table caption={words.title} columns={shown} rows={rows} />;
}
