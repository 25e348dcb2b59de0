import type { LinkedVisit } from '../../../db/links';
import type { Locale } from '../../../domain/message';
import { CallUs, Frame, Notice } from './frame';
import { canBookAgain } from './state';
import { choiceText, dayText, hourText, LAST_WEEK, type Choice, type DayTimes, type Week } from './times';
import { FormFields, type VisitPageProps } from './visit-page';
import { visitWords } from './words';

type Props = VisitPageProps & { week: Week; /** the time asked for was gone */ taken: boolean };

/** The free times of a week, each a button that moves the visit there; of a visit that is no more, one that books its service anew. */
export function TimesPage({ opened, form, week, taken, stylesheet }: Props) {
  const { visit, locale, when, pathTo, inOtherLanguage, state } = opened;
  const words = visitWords(locale);
  const again = canBookAgain(state);
  const title = again ? words.bookAgain : words.timesTitle;
  const shown = week.days.find(({ same }) => same.length > 0) ?? week.days[0];
  return (
    <Frame title={title} business={visit.businessName} {...{ locale, inOtherLanguage, stylesheet }}>
      <p class="back">
        <a href={pathTo()}>{words.back}</a>
      </p>
      <h1>{title}</h1>
      {taken && <Notice text={again ? words.takenAgain : words.said.taken} trouble />}
      <p class="lead">
        {again ? words.timesAgain(visit.serviceName) : words.timesNow(when)} {words.timesZone(cityOf(visit))}
      </p>
      <h2>{words.weekOf(dayText(week.first, locale), dayText(week.last, locale))}</h2>
      {week.days.length === 0 && <p class="none">{words.noTimes}</p>}
      <form method="post" action={pathTo('/times')}>
        <FormFields {...form} />
        {week.days.map((day) => (
          <Day day={day} open={day === shown} visit={visit} locale={locale} />
        ))}
      </form>
      <nav class="weeks" aria-label={title}>
        {week.number > 0 && (
          <a class="button small" href={pathTo('/times', { week: String(week.number - 1) })} rel="prev">
            {words.earlier}
          </a>
        )}
        {week.number < LAST_WEEK && (
          <a class="button small" href={pathTo('/times', { week: String(week.number + 1) })} rel="next">
            {words.later}
          </a>
        )}
      </nav>
      <CallUs business={visit.businessName} phone={visit.phone} locale={locale} again={again} />
    </Frame>
  );
}

type DayProps = { day: DayTimes; open: boolean; visit: LinkedVisit; locale: Locale };

function Day({ day: { date, same, others }, open, visit, locale }: DayProps) {
  const words = visitWords(locale);
  return (
    <details open={open} name="day">
      <summary>
        {dayText(date, locale)} <span class="count">{words.free(same.length + others.length)}</span>
      </summary>
      {same.length > 0 && <Times title={words.withStaff(visit.staffName)} choices={same} {...{ visit, locale }} />}
      {others.length > 0 && <Times title={words.withOthers} choices={others} {...{ visit, locale }} />}
    </details>
  );
}

const Times = ({ title, choices, visit, locale }: { title: string; choices: Choice[]; visit: LinkedVisit; locale: Locale }) => (
  <>
    <h3>{title}</h3>
    <div class="times">
      {choices.map((choice) => (
        <button class="button time" type="submit" name="pick" value={choiceText(choice)}>
          {hourText(choice.startsAt, visit, locale)}
        </button>
      ))}
    </div>
  </>
);

/** "Los Angeles" of America/Los_Angeles. */
const cityOf = ({ zone }: LinkedVisit): string => (zone.split('/').at(-1) ?? zone).replaceAll('_', ' ');
