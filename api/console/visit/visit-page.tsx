import type { LinkedVisit } from '../../../db/links';
import type { Locale } from '../../../domain/message';
import { MINUTE_MS } from '../../../domain/time';
import { googleCalendarUrl, venueOf } from '../../presenters/calendar';
import { contactEntry } from './entry';
import type { FormFacts } from './form';
import { CallUs, Frame, Notice } from './frame';
import type { Opened } from './opened';
import { canBookAgain, canChange, type VisitState } from './state';
import type { Said } from './wording';
import { visitWords } from './words';

export type VisitPageProps = { opened: Opened; form: FormFacts; stylesheet: string };

/** What was booked by this link after the visit was no more. */
export type NextVisit = { path: string; when: string };

/** The visit as it stands, and what its contact may do about it. */
export function VisitPage({ opened, form, said, next, stylesheet }: VisitPageProps & { said: Said | null; next: NextVisit | null }) {
  const { visit, locale, state, when, pathTo, inOtherLanguage } = opened;
  const words = visitWords(locale);
  return (
    <Frame title={words.title(visit.businessName)} business={visit.businessName} {...{ locale, inOtherLanguage, stylesheet }}>
      {said && <Notice text={words.said[said]} trouble={TROUBLE.has(said)} />}
      <p class={`state ${state}`}>{words.states[state].label}</p>
      <h1>{when}</h1>
      {!(said && ECHOED[said] === state) && <p class="lead">{words.states[state].text}</p>}
      <Details visit={visit} locale={locale} />
      {state === 'open' && <PostButton action={pathTo('/confirm')} form={form} label={words.confirm} kind="primary" />}
      {canChange(state) && (
        <nav class="actions" aria-label={words.title(visit.businessName)}>
          <a class="button" href={pathTo('/times')}>
            {words.move}
          </a>
          <a class="button quiet" href={pathTo('/cancel')}>
            {words.cancel}
          </a>
        </nav>
      )}
      {canBookAgain(state) && (
        <a class="button primary" href={next?.path ?? pathTo('/times')}>
          {next === null ? words.bookAgain : words.seeNext(next.when)}
        </a>
      )}
      {canChange(state) && <Calendars opened={opened} />}
      <CallUs business={visit.businessName} phone={visit.phone} locale={locale} again={GONE.has(state)} />
    </Frame>
  );
}

/** What the answer line has said already is not said twice. */
const ECHOED: Partial<Record<Said, VisitState>> = { confirmed: 'confirmed', cancelled: 'cancelled' };
const GONE: ReadonlySet<VisitState> = new Set(['over', 'cancelled', 'missed']);
const TROUBLE: ReadonlySet<Said> = new Set(['changed', 'stands', 'again']);

/** The line that the address asks for, if it is true: a link that somebody made up must not say that a visit is canceled. */
export function saidOf(asked: string, state: VisitState): Said | null {
  switch (asked) {
    case 'confirmed':
    case 'cancelled':
      return state === asked ? asked : null;
    case 'moved':
    case 'booked':
      return canChange(state) ? asked : null;
    case 'changed':
    case 'stands':
    case 'again':
      return asked;
    default:
      return null;
  }
}

type Described = Pick<LinkedVisit, 'serviceName' | 'locationName' | 'address' | 'businessName' | 'startsAt' | 'endsAt'> & {
  staffName: string | null;
};

export function Details({ visit, locale }: { visit: Described; locale: Locale }) {
  const { labels } = visitWords(locale);
  const rows = [
    [labels.service, visit.serviceName],
    [labels.staff, visit.staffName],
    [labels.length, lengthOf(visit)],
    [labels.place, placeText(visit)],
  ];
  return (
    <dl>
      {rows
        .filter(([, value]) => value !== null)
        .map(([label, value]) => (
          <div>
            <dt>{label}</dt>
            <dd>{value}</dd>
          </div>
        ))}
    </dl>
  );
}

/** The place's name says nothing new when it is the business's. */
const placeText = (visit: Described): string =>
  visit.locationName === visit.businessName ? (visit.address ?? visit.locationName) : venueOf(visit);

/** "1 h 15 min", in both languages. */
function lengthOf({ startsAt, endsAt }: Described): string {
  const minutes = Math.round((Date.parse(endsAt) - Date.parse(startsAt)) / MINUTE_MS);
  const [h, min] = [Math.floor(minutes / 60), minutes % 60];
  return [h > 0 ? `${h} h` : '', min > 0 ? `${min} min` : ''].filter(Boolean).join(' ');
}

type PostProps = { action: string; form: FormFacts; label: string; kind: 'primary' | 'danger' };

/** A button that changes something: a form of its own, sent by POST. */
export const PostButton = ({ action, form, label, kind }: PostProps) => (
  <form method="post" action={action}>
    <FormFields {...form} />
    <button class={`button ${kind}`} type="submit">
      {label}
    </button>
  </form>
);

export const FormFields = ({ proof, seen }: FormFacts) => (
  <>
    <input type="hidden" name="proof" value={proof} />
    <input type="hidden" name="seen" value={seen} />
  </>
);

function Calendars({ opened: { visit, token, locale } }: { opened: Opened }) {
  const words = visitWords(locale);
  return (
    <section class="calendars" aria-labelledby="calendars">
      <h2 id="calendars">{words.addToCalendar}</h2>
      <a class="button small" href={`/v/${token}.ics`}>
        {words.calendarFile}
      </a>
      <a class="button small" href={googleCalendarUrl(contactEntry(visit, { locale, url: null }))} rel="noopener noreferrer">
        {words.googleCalendar}
      </a>
    </section>
  );
}
