import type { DeskVisit } from '../../../db/day-schedules';
import type { HandAction } from '../../../domain/appointment';
import { formatDay, formatHour } from '../../../domain/templates/when';
import { plusDays, type Instant } from '../../../domain/time';
import { isAtLeast } from '../../caller';
import { VisitButtons } from '../appointment/buttons';
import { visitWords } from '../appointment/words';
import { Empty, Table } from '../shell/parts';
import { Shell, Tap, type Frame } from '../shell/shell';
import type { Gap } from './gaps';
import { NeedsList, type Needs } from './needs';
import { todayWords } from './words';

type DayProps = {
  frame: Frame;
  now: Instant;
  date: string;
  today: string;
  zone: string;
  visits: DeskVisit[];
  /** Of today only. */
  desk: { needs: Needs; gaps: Gap[] } | null;
};

/** What a front desk notes as people come and go. */
const AT_THE_DESK: readonly HandAction[] = ['arrive', 'complete', 'no_show'];

/** One day's visits in order; of today also what needs a person and the free times that somebody waits for. Printed, it is the day sheet. */
export function TodayPage({ frame, now, date, today, zone, visits, desk }: DayProps) {
  const words = todayWords(frame.locale);
  const title = words.visits(formatDay({ date, locale: frame.locale }));
  return (
    <Shell frame={frame} title={date === today ? words.today : title} room="today">
      <div class="head">
        <div>
          <h1>{title}</h1>
          {visits.length > 0 && <p class="hint">{words.summary(countsOf(visits))}</p>}
        </div>
        <DayNav frame={frame} date={date} today={today} />
      </div>
      <div class={desk ? 'day' : undefined}>
        <div>
          {visits.length === 0 ? (
            <Empty title={words.none}>
              <p>{words.noneHint}</p>
            </Empty>
          ) : (
            <DayTable frame={frame} now={now} visits={visits} caption={title} />
          )}
        </div>
        {desk && (
          <div class="stack">
            <NeedsList needs={desk.needs} frame={frame} now={now} zone={zone} />
            <GapList gaps={desk.gaps} frame={frame} />
          </div>
        )}
      </div>
    </Shell>
  );
}

function countsOf(visits: DeskVisit[]): { ahead: number; here: number; done: number } {
  const count = (...statuses: string[]): number => visits.filter(({ status }) => statuses.includes(status)).length;
  return { ahead: count('booked', 'confirmed'), here: count('arrived'), done: count('completed') };
}

function DayNav({ frame, date, today }: { frame: Frame; date: string; today: string }) {
  const words = todayWords(frame.locale);
  return (
    <nav class="actions no-print" aria-label={words.days}>
      <a class="button" href={`/?date=${plusDays(date, -1)}`} rel="prev">
        {words.before}
      </a>
      {date !== today && (
        <a class="button" href="/">
          {words.today}
        </a>
      )}
      <a class="button" href={`/?date=${plusDays(date, 1)}`} rel="next">
        {words.after}
      </a>
      <button type="button" class="needs-script on-a-desk" data-print>
        {words.print}
      </button>
      {isAtLeast(frame.role, 'staff') && (
        <a class="button primary" href={`/book?date=${date}`}>
          {words.book}
        </a>
      )}
    </nav>
  );
}

function DayTable({ frame, now, visits, caption }: { frame: Frame; now: Instant; visits: DeskVisit[]; caption: string }) {
  const { locale } = frame;
  const { columns, note } = todayWords(locale);
  const rows = visits.map((visit) => ({
    id: visit.id,
    class: visit.status,
    cells: {
      time: <a href={`/visits/${visit.id}`}>{formatHour({ startsAt: visit.startsAt, venueZone: visit.zone, locale })}</a>,
      contact: (
        <>
          {visit.contactName}
          <span class="on-paper">
            {visit.contactPhone} {visit.note !== null && `${note}: ${visit.note}`}
          </span>
        </>
      ),
      service: visit.serviceName,
      staff: visit.staffName,
      status: <span class={`state ${visit.status}`}>{visitWords(locale).statuses[visit.status]}</span>,
      actions: <VisitButtons visit={visit} now={now} frame={frame} only={AT_THE_DESK} />,
    },
  }));
  return <Table caption={caption} columns={Object.entries(columns).map(([key, name]) => ({ key, name }))} rows={rows} />;
}

function GapList({ gaps, frame }: { gaps: Gap[]; frame: Frame }) {
  const { locale, role } = frame;
  const words = todayWords(locale);
  const hour = (startsAt: Instant, venueZone: string): string => formatHour({ startsAt, venueZone, locale });
  return (
    <section class="card no-print" aria-labelledby="gaps">
      <h2 id="gaps">{words.gaps}</h2>
      {gaps.length === 0 && <p class="hint">{words.gapsNone}</p>}
      <ul class="lines">
        {gaps.map(({ serviceId, staffId, startsAt, endsAt, freeUntil, zone, serviceName, staffName, waiting }) => (
          <li key={`${serviceId} ${staffId} ${startsAt}`}>
            <p>
              <strong>
                {hour(startsAt, zone)} – {hour(freeUntil, zone)}
              </strong>{' '}
              {words.gap(staffName, serviceName)}. {words.waiting(waiting)}
            </p>
            {isAtLeast(role, 'staff') && (
              <Tap
                action="/gaps/offer"
                frame={frame}
                fields={{ service_id: serviceId, staff_id: staffId, start_ts: startsAt, end_ts: endsAt }}
              >
                <button>
                  {words.offer}
                  <span class="unseen">{`: ${hour(startsAt, zone)}, ${staffName}`}</span>
                </button>
              </Tap>
            )}
          </li>
        ))}
      </ul>
    </section>
  );
}
