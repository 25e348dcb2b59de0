import { parsePhoneNumberFromString } from 'libphonenumber-js';
import type { DeskVisit } from '../../../db/day-schedules';
import { messageName } from '../../../domain/message-names';
import { formatDay, formatHour } from '../../../domain/templates/when';
import { localDate, type Instant } from '../../../domain/time';
import type { presentMessage } from '../../presenters/message';
import { CHANNEL_WORDS } from '../../presenters/message-explanation';
import { Empty } from '../shell/parts';
import { Hidden, Shell, type Frame } from '../shell/shell';
import { VisitButtons, visitPath } from './buttons';
import { visitWords } from './words';

type VisitProps = {
  frame: Frame;
  visit: DeskVisit;
  now: Instant;
  messages: ReturnType<typeof presentMessage>[];
  /** By id: whom staff messages tell. */ staff: Map<string, string>;
};

/** One visit, what may be done with it now, and every message planned, sent or not sent, each with its reason. */
export function AppointmentPage({ frame, visit, now, messages, staff }: VisitProps) {
  const { locale } = frame;
  const words = visitWords(locale);
  return (
    <Shell frame={frame} title={`${visit.contactName}, ${whenOf(visit, frame)}`} room="calendar">
      <p class="back">
        <a href={`/?date=${localDate(visit.startsAt, visit.zone)}`}>{words.day}</a>
      </p>
      <VisitHead visit={visit} frame={frame} />
      <dl class="facts">
        <div>
          <dt>{words.service}</dt>
          <dd>{visit.serviceName}</dd>
        </div>
        <div>
          <dt>{words.with}</dt>
          <dd>{visit.staffName}</dd>
        </div>
        {visit.contactPhone !== null && (
          <div>
            <dt>{words.phone}</dt>
            <dd>
              <a href={`tel:${visit.contactPhone}`}>
                {parsePhoneNumberFromString(visit.contactPhone)?.formatInternational() ?? visit.contactPhone}
              </a>
            </dd>
          </div>
        )}
        {visit.note !== null && (
          <div>
            <dt>{words.note}</dt>
            <dd>{visit.note}</dd>
          </div>
        )}
      </dl>
      <VisitButtons visit={visit} now={now} frame={frame} />
      <h2>{words.messages}</h2>
      {messages.length === 0 ? (
        <Empty title={words.noMessages} />
      ) : (
        <ol class="timeline">
          {messages.map(({ id, rule, channel, staffId, status, explanation, body }) => (
            <li key={id} class={status}>
              <p>
                <strong>{rule === null ? visit.contactName : messageName(rule, locale)}</strong>{' '}
                {words.byChannel(CHANNEL_WORDS[channel][locale])}{' '}
                {rule !== null && words.toName(staffId === null ? visit.contactName : (staff.get(staffId) ?? ''))}
              </p>
              <p>{explanation}</p>
              {body !== null && <blockquote>{body}</blockquote>}
            </li>
          ))}
        </ol>
      )}
    </Shell>
  );
}

/** Whose visit it is, when, and where it stands. */
export const VisitHead = ({ visit, frame }: { visit: DeskVisit; frame: Frame }) => (
  <div class="visit-head">
    <h1>{visit.contactName}</h1>
    <p class="when">
      {whenOf(visit, frame)} <span class={`state ${visit.status}`}>{visitWords(frame.locale).statuses[visit.status]}</span>
    </p>
  </div>
);

/** Asks before what cannot be undone. */
export function CancelPage({ frame, visit }: { frame: Frame; visit: DeskVisit }) {
  const words = visitWords(frame.locale);
  const page = `/visits/${visit.id}`;
  return (
    <Shell frame={frame} title={words.cancelTitle} room="calendar">
      <h1>{words.cancelTitle}</h1>
      <p class="lead">
        {visit.contactName}, {whenOf(visit, frame)}, {visit.serviceName}. {words.cancelLead}
      </p>
      <form method="post" action={visitPath(visit.id, 'cancel')} class="actions">
        <Hidden frame={frame} back={page} />
        <input type="hidden" name="version" value={visit.version} />
        <button class="danger">{words.actions.cancel}</button>
        <a class="button" href={page}>
          {words.cancelNo}
        </a>
      </form>
    </Shell>
  );
}

const whenOf = ({ startsAt, zone }: DeskVisit, { locale }: Frame): string =>
  `${formatDay({ date: localDate(startsAt, zone), locale })}, ${formatHour({ startsAt, venueZone: zone, locale })}`;
