import type { Person } from '../../db/contact-search';
import type { Demo, DemoBusiness } from '../demo';
import { STYLES } from './assets';
import { ClockCard } from './clock-card';
import type { Live } from './live';
import { Phone } from './phone';
import { linkTo, type Reading, type Scope } from './scope';
import { Select } from './sheet';
import { Visits } from './visits';

// Morphing keeps what the reader opened or what the script measured.
const HTMX = JSON.stringify({ history: false, includeIndicatorCSS: false, morphIgnore: ['data-htmx-powered', 'open', 'style'] });

/** The whole page for one person. */
export function HandsetPage({ scope, live, people }: { scope: Scope; live: Live; people: Person[] }) {
  const { words, business } = scope;
  const stream = { 'hx-sse:connect': linkTo('/handset/stream', scope), 'hx-swap': 'none' };
  return (
    <Frame reading={scope} query={{ business: business.id, contact: scope.person.id }}>
      <Who scope={scope} people={people} />
      <div id="live" {...stream} />
      <p id="trouble" class="trouble" role="alert" />
      <p class="trouble cut-off" role="status">
        {words.cutOff}
      </p>
      <div class="views" role="group" aria-label={words.views}>
        <button type="button" data-view="phone" aria-pressed="true">
          {words.phoneView} <span class="new-mark">{words.newHere}</span>
        </button>
        <button type="button" data-view="visits" aria-pressed="false">
          {words.visitsView}
        </button>
      </div>
      <main data-showing="phone">
        <section class="phone-side" aria-label={words.phoneView}>
          <Phone scope={scope} live={live} />
        </section>
        <section class="visits-side" aria-label={words.visitsView}>
          <div id="clock" class="card clock">
            <ClockCard scope={scope} live={live} />
          </div>
          <div class="visits-head">
            <h2>{words.visits}</h2>
            <button
              type="button"
              class="primary"
              id="book"
              aria-haspopup="dialog"
              hx-get={linkTo('/handset/book', scope)}
              hx-target="#sheet-body"
              hx-swap="innerHTML"
            >
              {words.bookVisit}
            </button>
          </div>
          <p id="notice" class="notice" role="status" />
          <Waitlist scope={scope} />
          <div id="visits">
            <Visits scope={scope} live={live} />
          </div>
        </section>
      </main>
      <dialog id="sheet" aria-labelledby="sheet-title">
        <div id="sheet-body" />
      </dialog>
    </Frame>
  );
}

/** Somebody who waits for a time: cancel a visit of that service as somebody else, and the offer comes here. */
function Waitlist({ scope }: { scope: Scope }) {
  const { words, business } = scope;
  const post = {
    'hx-post': linkTo('/handset/waitlist', scope),
    'hx-target': '#notice',
    'hx-swap': 'innerHTML',
    'hx-disable': 'find button',
  };
  return (
    <details class="waitlist">
      <summary>{words.waitlist}</summary>
      <form id="waitlist" {...post}>
        <Select
          id="waitlist-service"
          name="service"
          label={words.service}
          options={business.services}
          chosen={business.services[0]?.id ?? ''}
        />
        <p>{words.agreesToOffers}</p>
        <button type="submit">{words.join}</button>
      </form>
    </details>
  );
}

type Empty = { reading: Reading; found: { demo: Demo; business: DemoBusiness } | null; away?: boolean };

/** Without a demo, a business without contacts, or no database: what to do about it. */
export function EmptyPage({ reading, found, away = false }: Empty) {
  const { words } = reading;
  const [title, advice] = away
    ? [words.awayTitle, words.away]
    : found
      ? [words.noPeopleTitle, words.noPeople]
      : [words.noDemoTitle, words.noDemo];
  return (
    <Frame reading={reading} query={found ? { business: found.business.id } : {}}>
      {found && <Businesses demo={found.demo} chosen={found.business.id} reading={reading} />}
      <main class="empty">
        <h2>{title}</h2>
        <p>{advice}</p>
      </main>
    </Frame>
  );
}

type FrameProps = { reading: Reading; query: Record<string, string>; children: preact.ComponentChildren };

function Frame({ reading: { words, locale }, query, children }: FrameProps) {
  const inLanguage = (lang: string): string => `/handset?${new URLSearchParams({ ...query, lang }).toString()}`;
  return (
    <html lang={locale}>
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <title>{words.title}</title>
        <meta name="htmx-config" content={HTMX} />
        <link rel="icon" href="/handset/assets/icon.svg" type="image/svg+xml" />
        {STYLES.map((name) => (
          <link rel="stylesheet" href={`/handset/assets/${name}`} />
        ))}
        <script defer src="/handset/assets/htmx.js" />
        <script defer src="/handset/assets/handset.js" />
      </head>
      <body>
        <header class="top">
          <h1>
            {words.title} <small>{words.development}</small>
          </h1>
          <nav aria-label={words.language}>
            {(['en', 'es'] as const).map((lang) => (
              <a href={inLanguage(lang)} lang={lang} hreflang={lang} {...(lang === locale && { 'aria-current': 'true' })}>
                {lang === 'en' ? 'English' : 'Español'}
              </a>
            ))}
          </nav>
        </header>
        {children}
      </body>
    </html>
  );
}

function Businesses({ demo, chosen, reading }: { demo: Demo; chosen: string; reading: Reading }) {
  return (
    <nav class="businesses" aria-label={reading.words.businesses}>
      {demo.businesses.map(({ id, name }) => (
        <a
          href={`/handset?${new URLSearchParams({ business: id, lang: reading.locale }).toString()}`}
          {...(id === chosen && { 'aria-current': 'true' })}
        >
          {name}
        </a>
      ))}
    </nav>
  );
}

/** Which business, and who of its people. */
function Who({ scope, people }: { scope: Scope; people: Person[] }) {
  const { words, person, demo, business } = scope;
  const search = {
    'hx-get': linkTo('/handset/people', scope),
    'hx-trigger': 'input changed delay:200ms',
    'hx-target': '#people',
    'hx-swap': 'innerHTML',
  };
  return (
    <div class="who">
      <Businesses demo={demo} chosen={business.id} reading={scope} />
      <details class="picker">
        <summary>
          <span class="unseen">{`${words.person}: `}</span>
          <strong>{person.name}</strong>
          <small>{words.changePerson}</small>
        </summary>
        <div class="picker-list">
          <label class="field" for="search">
            <span>{words.searchPeople}</span>
            <input id="search" name="q" type="search" autocomplete="off" {...search} />
          </label>
          <div id="people" aria-live="polite">
            <People scope={scope} people={people} />
          </div>
        </div>
      </details>
    </div>
  );
}

/** Those found, each a link to their phone. */
export function People({ scope, people }: { scope: Scope; people: Person[] }) {
  if (people.length === 0) return <p>{scope.words.nobody}</p>;
  return (
    <ul class="people">
      {people.map((one) => (
        <li>
          <a href={linkTo('/handset', { ...scope, person: one })} {...(one.id === scope.person.id && { 'aria-current': 'true' })}>
            <strong>{one.name}</strong> <small>{[one.phone, one.email].filter(Boolean).join(' · ')}</small>
          </a>
        </li>
      ))}
    </ul>
  );
}
