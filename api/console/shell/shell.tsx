import type { ComponentChildren } from 'preact';
import type { Locale } from '../../../domain/message';
import type { Role } from '../../caller';
import { SCRIPTS, STYLESHEET } from './assets';
import { Icon, roomsFor, type Room } from './rooms';
import type { Said } from './said';
import { shellWords } from './words';

/** What every page of the console shows around its own content. */
export type Frame = {
  locale: Locale;
  /** Where the reader is, query included: the language switch comes back here. */
  path: string;
  business: string;
  email: string;
  role: Role;
  /** What each form carries (form.ts). */
  proof: string;
  said: Said | null;
};

type ShellProps = {
  frame: Frame;
  title: string;
  /** Whose link is marked as the current page. */ room?: Room;
  children: ComponentChildren;
};

/** The console around a page: the rooms, the reader, and what was just done. */
export function Shell({ frame, title, room, children }: ShellProps) {
  const { locale, business, said, role } = frame;
  const words = shellWords(locale);
  const entries = roomsFor(role);
  return (
    <Document locale={locale} title={`${title} · ${business}`}>
      <body class="console">
        <a class="skip" href="#main">
          {words.skip}
        </a>
        <header class="top">
          <a class="business" href="/">
            <span>{business}</span>
          </a>
          <Language locale={locale} path={frame.path} />
          <Account frame={frame} />
        </header>
        <nav class="rooms" aria-label={words.rooms}>
          <ul>
            {entries.map((entry, index) => (
              <li key={entry.room} class={index > 3 ? 'rest' : undefined}>
                <a href={entry.path} aria-current={entry.room === room ? 'page' : undefined}>
                  <Icon>{entry.icon}</Icon>
                  <span>{entry.name[locale]}</span>
                </a>
              </li>
            ))}
            {entries.length > 4 && (
              <li class="more">
                <a href="/more" aria-current={entries.findIndex((entry) => entry.room === room) > 3 ? 'true' : undefined}>
                  <Icon>
                    <path d="M5 12h.01M12 12h.01M19 12h.01" />
                  </Icon>
                  <span>{words.more}</span>
                </a>
              </li>
            )}
          </ul>
        </nav>
        <main id="main" tabIndex={-1}>
          {said && <Notice said={said} frame={frame} />}
          {children}
        </main>
      </body>
    </Document>
  );
}

/** A page for somebody whom we do not know (yet): the log-in, and what cannot be shown. */
export function Door({ locale, path, title, children }: { locale: Locale; path: string; title: string; children: ComponentChildren }) {
  return (
    <Document locale={locale} title={title}>
      <body class="console door">
        <header class="top">
          <a class="business" href="/">
            Usher
          </a>
          <Language locale={locale} path={path} />
        </header>
        <main id="main">{children}</main>
      </body>
    </Document>
  );
}

// Nothing inline: the policy of our pages forbids it. Addresses stay the browser's own business.
const HTMX = JSON.stringify({ history: false, includeIndicatorCSS: false });

function Document({ locale, title, children }: { locale: Locale; title: string; children: ComponentChildren }) {
  return (
    <html lang={locale}>
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="robots" content="noindex, nofollow" />
        <meta name="color-scheme" content="light dark" />
        <meta name="htmx-config" content={HTMX} />
        <title>{title}</title>
        <link rel="icon" href="data:," />
        <link rel="stylesheet" href={STYLESHEET} />
        {SCRIPTS.map((src) => (
          <script key={src} src={src} defer />
        ))}
      </head>
      {children}
    </html>
  );
}

function Language({ locale, path }: { locale: Locale; path: string }) {
  const other = locale === 'en' ? 'es' : 'en';
  return (
    <form method="post" action="/language" class="language">
      <input type="hidden" name="back" value={path} />
      <button class="quiet" name="locale" value={other} lang={other}>
        {shellWords(locale).otherLanguage}
      </button>
    </form>
  );
}

function Account({ frame: { locale, email, role, proof } }: { frame: Frame }) {
  const words = shellWords(locale);
  return (
    <details class="account">
      <summary>
        <Icon>
          <circle cx="12" cy="8" r="4" />
          <path d="M4 21c0-4 3.6-6 8-6s8 2 8 6" />
        </Icon>
        <span>{words.account}</span>
      </summary>
      <div class="menu">
        <p>
          <strong>{email}</strong>
          <br />
          {words.roles[role]}
        </p>
        <a href="/sessions">{words.sessions}</a>
        <form method="post" action="/logout">
          <input type="hidden" name="proof" value={proof} />
          <button class="quiet">{words.signOut}</button>
        </form>
      </div>
    </details>
  );
}

/** What was just done, read out by screen readers, with the way back where there is one. */
function Notice({ said: { tone, text, undo }, frame }: { said: Said; frame: Frame }) {
  return (
    <div class={`notice ${tone}`} role={tone === 'trouble' ? 'alert' : 'status'} tabIndex={-1}>
      <p>{text}</p>
      {undo !== undefined && (
        <form method="post" action={undo}>
          <Hidden frame={frame} />
          <button>{shellWords(frame.locale).undo}</button>
        </form>
      )}
    </div>
  );
}

type TapProps = { action: string; frame: Frame; fields?: Record<string, string>; children: ComponentChildren };

/**
 * A form of one button. Where there is JavaScript only the page's content is exchanged, so that the reader stays where they were in a long list; without it
 * the page comes anew.
 */
export const Tap = ({ action, frame, fields = {}, children }: TapProps) => (
  <form method="post" action={action} hx-post={action} hx-target="#main" hx-select="#main" hx-swap="outerHTML">
    <Hidden frame={frame} />
    {Object.entries(fields).map(([name, value]) => (
      <input key={name} type="hidden" name={name} value={value} />
    ))}
    {children}
  </form>
);

/** What every form of the console carries: the proof that our page made it, and where to come back to. */
export const Hidden = ({ frame, back = frame.path }: { frame: Pick<Frame, 'proof' | 'path'>; back?: string }) => (
  <>
    <input type="hidden" name="proof" value={frame.proof} />
    <input type="hidden" name="back" value={back} />
  </>
);
