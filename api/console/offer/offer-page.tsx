import { formatHour } from '../../../domain/templates/when';
import type { Instant } from '../../../domain/time';
import { CallUs, Frame, Notice } from '../visit/frame';
import { whenOf } from '../visit/opened';
import { Details } from '../visit/visit-page';
import type { OpenedOffer } from './opened';
import type { Said } from './words';
import { offerWords } from './words';

type Props = {
  opened: OpenedOffer;
  /** The next free times, for who came too late. */
  nextTimes: Instant[];
  /** The page of the visit that was booked by it. */
  visitPath: string | null;
  said: Said | null;
  stylesheet: string;
};

/** The time that is offered, and what its person may do about it. */
export function OfferPage({ opened, nextTimes, visitPath, said, stylesheet }: Props) {
  const { offer, locale, state, when, pathTo, inOtherLanguage, proof } = opened;
  const words = offerWords(locale);
  const until = offer.expiresAt === null ? null : formatHour({ startsAt: offer.expiresAt, venueZone: offer.zone, locale });
  return (
    <Frame title={words.title(offer.businessName)} business={offer.businessName} {...{ locale, inOtherLanguage, stylesheet }}>
      {said && <Notice text={words.said[said]} trouble={said !== 'booked'} />}
      <p class={`state ${state === 'gone' ? 'cancelled' : state}`}>{words.states[state].label}</p>
      <h1>{when}</h1>
      <p class="lead">{words.states[state].text}</p>
      <Details visit={offer} locale={locale} />
      {state === 'open' && (
        <>
          {until !== null && <p class="lead">{words.until(until)}</p>}
          <Tap action={pathTo('/take')} proof={proof} label={words.take} kind="primary" />
          <Tap action={pathTo('/pass')} proof={proof} label={words.pass} kind="quiet" />
        </>
      )}
      {state === 'yours' && visitPath !== null && (
        <a class="button" href={visitPath}>
          {words.toVisit}
        </a>
      )}
      {state === 'gone' && <NextTimes opened={opened} times={nextTimes} />}
      <CallUs business={offer.businessName} phone={offer.phone} locale={locale} />
    </Frame>
  );
}

function NextTimes({ opened, times }: { opened: OpenedOffer; times: Instant[] }) {
  const { offer, locale, pathTo, proof } = opened;
  const words = offerWords(locale);
  if (offer.entryStatus !== 'active') return <p class="lead">{words.booked}</p>;
  return (
    <section aria-labelledby="next">
      <h2 id="next">{words.nextTitle}</h2>
      <p class="lead">{times.length === 0 ? words.nextNone : words.nextPick}</p>
      <form method="post" action={pathTo('/times')}>
        <input type="hidden" name="proof" value={proof} />
        {times.map((startsAt) => (
          <button class="button" type="submit" name="pick" value={startsAt}>
            {whenOf({ ...offer, startsAt }, locale)}
          </button>
        ))}
      </form>
    </section>
  );
}

type TapProps = { action: string; proof: string; label: string; kind: 'primary' | 'quiet' };

const Tap = ({ action, proof, label, kind }: TapProps) => (
  <form method="post" action={action}>
    <input type="hidden" name="proof" value={proof} />
    <button class={`button ${kind}`} type="submit">
      {label}
    </button>
  </form>
);
