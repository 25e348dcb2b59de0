import type { ComponentChildren } from 'preact';
import type { DeskVisit } from '../../../db/day-schedules';
import type { Locale } from '../../../domain/message';
import { messageName } from '../../../domain/message-names';
import { formatDay, formatHour } from '../../../domain/templates/when';
import { localDate, plusDays } from '../../../domain/time';
import type { presentMessage } from '../../presenters/message';
import { CHANNEL_WORDS } from '../../presenters/message-explanation';
import { deskWords } from './words';

type Page = { locale: Locale; stylesheets: string[] };
type FrameProps = Page & { title: string; /** Null: nobody is logged in. */ business: string | null; children: ComponentChildren };
type Inside = Page & { business: string };

/** What all pages of the front desk share. */
function Frame({ locale, stylesheets, title, business, children }: FrameProps) {
  return (
    <html lang={locale}>
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="robots" content="noindex, nofollow" />
        <meta name="color-scheme" content="light dark" />
        <title>{title}</title>
        <link rel="icon" href="data:," />
        {stylesheets.map((href) => (
          <link key={href} rel="stylesheet" href={href} />
        ))}
      </head>
      <body class="desk">
        <header>
          <p class="business">{business ?? 'Usher'}</p>
          {business !== null && (
            <form method="post" action="/logout">
              <button class="quiet">{deskWords(locale).signOut}</button>
            </form>
          )}
        </header>
        <main>{children}</main>
      </body>
    </html>
  );
}

/** The log-in form; `trouble` says why the last attempt failed. */
export function SignInPage({ locale, stylesheets, email, trouble }: Page & { email: string; trouble: string | null }) {
  const words = deskWords(locale);
  return (
    <Frame locale={locale} stylesheets={stylesheets} title={words.signIn} business={null}>
      <h1>{words.signIn}</h1>
      {trouble !== null && (
        <p class="notice trouble" role="alert">
          {trouble}
        </p>
      )}
      <form method="post" action="/login" class="sign-in">
        <label for="email">{words.email}</label>
        <input id="email" name="email" type="email" autocomplete="username" required value={email} />
        <label for="password">{words.password}</label>
        <input id="password" name="password" type="password" autocomplete="current-password" required />
        <button>{words.signIn}</button>
      </form>
    </Frame>
  );
}

type DayProps = Inside & { date: string; today: string; visits: DeskVisit[]; /** There is a handset to book on. */ development: boolean };

/** One day's visits in order, with the way to the day before, after and today. */
export function DayPage({ locale, stylesheets, business, date, today, visits, development }: DayProps) {
  const words = deskWords(locale);
  const { columns } = words;
  const title = words.visits(formatDay({ date, locale }));
  return (
    <Frame locale={locale} stylesheets={stylesheets} title={title} business={business}>
      <nav class="days">
        <a href={`/?date=${plusDays(date, -1)}`}>{words.before}</a>
        {date !== today && <a href="/">{words.today}</a>}
        <a href={`/?date=${plusDays(date, 1)}`}>{words.after}</a>
      </nav>
      <h1>{title}</h1>
      {visits.length === 0 ? (
        <p>
          {words.none} {development && words.noneYet}
        </p>
      ) : (
        <table>
          <thead>
            <tr>
              {[columns.time, columns.contact, columns.service, columns.staff, columns.status].map((name) => (
                <th key={name} scope="col">
                  {name}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {visits.map((visit) => (
              <tr key={visit.id} class={visit.status}>
                <td data-label={columns.time}>
                  <a href={`/visits/${visit.id}`}>{formatHour({ startsAt: visit.startsAt, venueZone: visit.zone, locale })}</a>
                </td>
                <td data-label={columns.contact}>{visit.contactName}</td>
                <td data-label={columns.service}>{visit.serviceName}</td>
                <td data-label={columns.staff}>{visit.staffName}</td>
                <td data-label={columns.status}>{words.statuses[visit.status]}</td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
    </Frame>
  );
}

type VisitProps = Inside & {
  visit: DeskVisit;
  messages: ReturnType<typeof presentMessage>[];
  /** By id: whom staff messages tell. */ staff: Map<string, string>;
};

/** One visit with every message planned, sent or not sent, each with its reason. */
export function VisitTimelinePage({ locale, stylesheets, business, visit, messages, staff }: VisitProps) {
  const words = deskWords(locale);
  const date = localDate(visit.startsAt, visit.zone);
  const hour = formatHour({ startsAt: visit.startsAt, venueZone: visit.zone, locale });
  const title = `${visit.contactName}, ${formatDay({ date, locale })}, ${hour}`;
  return (
    <Frame locale={locale} stylesheets={stylesheets} title={title} business={business}>
      <nav class="days">
        <a href={`/?date=${date}`}>{words.back}</a>
      </nav>
      <h1>{title}</h1>
      <p>
        {visit.serviceName}, {visit.staffName}. {words.statuses[visit.status]}.
      </p>
      <h2>{words.messages}</h2>
      {messages.length === 0 ? (
        <p>{words.noMessages}</p>
      ) : (
        <ol class="timeline">
          {messages.map(({ id, rule, channel, staffId, status, explanation, body }) => (
            <li key={id} class={status}>
              <strong>{rule === null ? visit.contactName : messageName(rule, locale)}</strong> {words.by(CHANNEL_WORDS[channel][locale])}{' '}
              {rule !== null && words.to(staffId === null ? visit.contactName : (staff.get(staffId) ?? ''))}
              <p>{explanation}</p>
              {body !== null && <blockquote>{body}</blockquote>}
            </li>
          ))}
        </ol>
      )}
    </Frame>
  );
}
