import type { DeskVisit } from '../../../db/day-schedules';
import { plusDays } from '../../../domain/time';
import type { Problem } from '../../problem';
import type { FreeTime } from '../booking/times';
import { Times } from '../booking/times-list';
import { bookingWords } from '../booking/words';
import { RefusalNotice } from '../shell/parts';
import { Hidden, Shell, type Frame } from '../shell/shell';
import { VisitHead } from './page';

type Props = {
  frame: Frame;
  visit: DeskVisit;
  date: string;
  staffId: string;
  staff: { id: string; name: string }[];
  times: FreeTime[];
  problem: Problem | null;
};

/** Another time for a visit: the day and with whom above, the free times below. */
export function MovePage({ frame, visit, date, staffId, staff, times, problem }: Props) {
  const { locale } = frame;
  const words = bookingWords(locale);
  const path = `/visits/${visit.id}/reschedule`;
  const follow = {
    'hx-get': path,
    'hx-include': 'closest form',
    'hx-target': '#move',
    'hx-select': '#move',
    'hx-swap': 'outerHTML',
    'hx-trigger': 'change',
  };
  const refusal = problem && { problem, locale };
  // The address of a day with somebody, of the form too: one that is refused shows that day again.
  const on = (day: string): string => `${path}?${new URLSearchParams({ date: day, staff_id: staffId }).toString()}`;
  const nextDay = (
    <a class="button" href={on(plusDays(date, 1))}>
      {words.nextDay}
    </a>
  );
  return (
    <Shell frame={frame} title={words.moveTitle} room="calendar">
      <p class="back">
        <a href={`/visits/${visit.id}`}>{words.keep}</a>
      </p>
      <VisitHead visit={visit} frame={frame} />
      <RefusalNotice refusal={refusal} />
      <form method="get" action={path} class="card move-what">
        <div class="field">
          <label for="staff_id">{words.staff}</label>
          <select id="staff_id" name="staff_id" {...follow}>
            {staff.map(({ id, name }) => (
              <option key={id} value={id} selected={id === staffId}>
                {name}
              </option>
            ))}
          </select>
        </div>
        <div class="field">
          <label for="date">{words.date}</label>
          <input id="date" name="date" type="date" required value={date} {...follow} />
        </div>
        <button class="needs-no-script">{words.showTimes}</button>
      </form>
      <form id="move" method="post" action={on(date)} class="card stack">
        <Hidden frame={frame} back={`/visits/${visit.id}`} />
        <input type="hidden" name="version" value={visit.version} />
        <input type="hidden" name="staff_id" value={staffId} />
        <Times frame={frame} times={times} picked="" nextDay={nextDay} refusal={refusal} />
        <button class="primary">{words.move}</button>
      </form>
    </Shell>
  );
}
