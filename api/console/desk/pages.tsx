import type { ComponentChildren } from 'preact';
import type { DeskVisit } from '../../../db/day-schedules';
import type { Locale } from '../../../domain/message';
import { formatDay, formatHour } from '../../../domain/templates/when';
import { localDate, plusDays } from '../../../domain/time';
import type { presentMessage } from '../../presenters/message';
import { deskWords } from './words';

type Page = { locale: Locale; stylesheets: string[] };
type FrameProps = Page & { title: string; signedIn: boolean; children: ComponentChildren };

/** What all pages of the front desk share. */
function Frame({ locale, stylesheets, title, signedIn, children }: FrameProps) {
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
          <p class="business">Usher</p>
          {signedIn && (
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
    <Frame locale={locale} stylesheets={stylesheets} title={words.signIn} signedIn={false}>
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

type DayProps = Page & { date: string; today: string; visits: DeskVisit[] };

/** One day's visits in order, with the way to the day before, after and today. */
export function DayPage({ locale, stylesheets, date, today, visits }: DayProps) {
  const words = deskWords(locale);
  const { columns } = words;
  const title = words.visits(formatDay({ date, locale }));
  return (
    <Frame locale={locale} stylesheets={stylesheets} title={title} signedIn>
      <nav class="days">
        <a href={`/?date=${plusDays(date, -1)}`}>{words.before}</a>
        {date !== today && <a href="/">{words.today}</a>}
        <a href={`/?date=${plusDays(date, 1)}`}>{words.after}</a>
      </nav>
      <h1>{title}</h1>
      {visits.length === 0 ? (
        <p>{words.none}</p>
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
                <td>
                  <a href={`/visits/${visit.id}`}>{formatHour({ startsAt: visit.startsAt, venueZone: visit.zone, locale })}</a>
                </td>
                <td>{visit.contactName}</td>
                <td>{visit.serviceName}</td>
                <td>{visit.staffName}</td>
                <td>{words.statuses[visit.status]}</td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
    </Frame>
  );
}

type VisitProps = Page & { visit: DeskVisit; messages: ReturnType<typeof presentMessage>[] };

/** One visit with every message planned, sent or not sent, each with its reason. */
export function VisitTimelinePage({ locale, stylesheets, visit, messages }: VisitProps) {
  const words = deskWords(locale);
  const date = localDate(visit.startsAt, visit.zone);
  const hour = formatHour({ startsAt: visit.startsAt, venueZone: visit.zone, locale });
  const title = `${visit.contactName}, ${formatDay({ date, locale })}, ${hour}`;
  return (
    <Frame locale={locale} stylesheets={stylesheets} title={title} signedIn>
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
          {messages.map(({ id, rule, channel, recipient, status, explanation, body }) => (
            <li key={id} class={status}>
              <strong>{rule ?? ''}</strong> {channel} {recipient === 'staff' ? words.toStaff : ''}
              <p>{explanation}</p>
              {body !== null && <blockquote>{body}</blockquote>}
            </li>
          ))}
        </ol>
      )}
    </Frame>
  );
}
