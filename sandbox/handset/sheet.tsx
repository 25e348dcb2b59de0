import { randomUUID } from 'node:crypto';
import type { PersonVisit } from '../../db/handset';
import type { FreeTimes } from './free-times';
import { linkTo, type Scope } from './scope';
import type { ApiAnswer } from './usher-api';

type Choice = { serviceId: string; staffId: string | null };
type SheetProps = { scope: Scope; choice: Choice; free: ApiAnswer<FreeTimes>; day: string; today: string };

/** The form that books a visit, in the dialog. */
export function BookSheet(props: SheetProps) {
  const { words, business, person } = props.scope;
  return (
    <Sheet {...props} title={words.bookFor(person.name)} path="/handset/book" submit={words.book}>
      <Select id="sheet-service" name="service" label={words.service} options={business.services} chosen={props.choice.serviceId} />
    </Sheet>
  );
}

/** The form that moves one. */
export function MoveSheet({ visit, ...props }: SheetProps & { visit: PersonVisit }) {
  const { words } = props.scope;
  return (
    <Sheet {...props} title={words.moveVisit(visit.serviceName)} path={`/handset/visits/${visit.id}/move`} submit={words.move}>
      <input type="hidden" id="sheet-service" name="service" value={visit.serviceId} />
    </Sheet>
  );
}

type FrameProps = SheetProps & { title: string; path: string; submit: string; children: preact.ComponentChildren };

function Sheet({ scope, choice, free, day, today, title, path, submit, children }: FrameProps) {
  const { words, business } = scope;
  const post = { 'hx-post': linkTo(path, scope), 'hx-target': '#sheet-note', 'hx-swap': 'innerHTML', 'hx-disable': 'find .primary' };
  const anybody = { id: '', name: words.anybody };
  return (
    <form id="sheet-form" {...post}>
      <h2 id="sheet-title" tabindex={-1}>
        {title}
      </h2>
      <input type="hidden" name="nonce" value={randomUUID()} />
      {children}
      <Select id="sheet-staff" name="staff" label={words.staff} options={[anybody, ...business.staff]} chosen={choice.staffId ?? ''} />
      <label class="field" for="sheet-day">
        <span>{words.day}</span>
        <input id="sheet-day" name="day" type="date" required min={today} value={day} />
      </label>
      <div
        id="slots"
        aria-live="polite"
        hx-get={linkTo('/handset/slots', scope)}
        hx-include="closest form"
        hx-trigger="change from:#sheet-service, change from:#sheet-staff, change from:#sheet-day"
        hx-swap="innerHTML"
      >
        <Slots scope={scope} free={free} />
      </div>
      <div id="sheet-note" class="sheet-note" role="alert" />
      <div class="sheet-buttons">
        <button type="submit" class="primary">
          {submit}
        </button>
        <button type="button" data-close>
          {words.close}
        </button>
      </div>
    </form>
  );
}

type SelectProps = { id: string; name: string; label: string; options: { id: string; name: string }[]; chosen: string };

export function Select({ id, name, label, options, chosen }: SelectProps) {
  return (
    <label class="field" for={id}>
      <span>{label}</span>
      <select id={id} name={name}>
        {options.map((option) => (
          <option value={option.id} selected={option.id === chosen}>
            {option.name}
          </option>
        ))}
      </select>
    </label>
  );
}

/** The free times of the chosen day, or why there are none. */
export function Slots({ scope, free }: { scope: Scope; free: ApiAnswer<FreeTimes> }) {
  const { words, businessTimes } = scope;
  if (free.kind !== 'ok') return <p class="error">{sayRefusal(free, scope)}</p>;
  const { day, starts, nextDay } = free.data;
  const dayName = (date: string): string => businessTimes.day(`${date}T18:00:00.000Z`);
  if (starts.length === 0)
    return (
      <div class="slots-none">
        <p>{nextDay === null ? words.noSlotsAtAll : words.noSlots(dayName(day))}</p>
        {nextDay !== null && (
          <button type="button" data-day={nextDay}>
            {words.nextFree(dayName(nextDay))}
          </button>
        )}
      </div>
    );
  return (
    <fieldset class="slots">
      <legend>{words.time}</legend>
      <div>
        {starts.map((at) => (
          <label>
            <input type="radio" name="start" value={at} required />
            <span>{businessTimes.time(at)}</span>
          </label>
        ))}
      </div>
    </fieldset>
  );
}

/** What the person at the page reads when Usher says no, or nothing. */
export function sayRefusal(answer: Exclude<ApiAnswer<never>, { kind: 'ok' }>, { words }: Pick<Scope, 'words'>): string {
  if (answer.kind === 'away') return words.apiAway;
  return answer.status === 409 && answer.code === 'conflict' ? words.taken : words.apiSaid(answer.detail);
}
