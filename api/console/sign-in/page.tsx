import type { Locale } from '../../../domain/message';
import { Door } from '../shell/shell';
import { signInWords } from './words';

/** `trouble` says why the last attempt failed, `to` is where to go afterwards. */
export type SignInProps = {
  locale: Locale;
  email: string;
  to: string;
  trouble: { of: 'link' | 'password'; text: string } | null;
  /** Mail goes nowhere on this machine: the password is at hand. */
  development: boolean;
};

/** A link by e-mail first; a password for those who have one. */
export function SignInPage({ locale, email, to, trouble, development }: SignInProps) {
  const words = signInWords(locale);
  const wrong = trouble && (
    <div class="notice trouble" role="alert">
      <p>{trouble.text}</p>
    </div>
  );
  return (
    <Door locale={locale} path={to === '/' ? '/login' : `/login?to=${encodeURIComponent(to)}`} title={words.title}>
      <h1>{words.linkTitle}</h1>
      <p class="lead">{words.linkHint}</p>
      {trouble?.of === 'link' && wrong}
      <form method="post" action="/login/link" class="stack">
        <div class="field">
          <label for="link-email">{words.email}</label>
          <input id="link-email" name="email" type="email" autocomplete="username" required value={email} />
        </div>
        <button class="primary">{words.sendLink}</button>
      </form>
      <details class="fold" open={development || trouble?.of === 'password'}>
        <summary>{words.withPassword}</summary>
        {trouble?.of === 'password' && wrong}
        <form method="post" action="/login" class="stack">
          <input type="hidden" name="to" value={to} />
          <div class="field">
            <label for="email">{words.email}</label>
            <input id="email" name="email" type="email" autocomplete="username" required value={email} />
          </div>
          <div class="field">
            <label for="password">{words.password}</label>
            <input id="password" name="password" type="password" autocomplete="current-password" required />
          </div>
          <button class="primary">{words.title}</button>
        </form>
      </details>
    </Door>
  );
}

/** The same for every address, known or not. */
export function LinkSentPage({ locale }: { locale: Locale }) {
  const words = signInWords(locale);
  return (
    <Door locale={locale} path="/login/sent" title={words.sentTitle}>
      <h1>{words.sentTitle}</h1>
      <p class="lead">{words.sent}</p>
      <p>{words.sentHint}</p>
      <p class="actions">
        <a class="button" href="/login">
          {words.another}
        </a>
      </p>
    </Door>
  );
}

type LinkProps = { locale: Locale; token: string; /** Null: the link lets nobody in any more. */ email: string | null };

/** What a link opens. Opening it uses nothing up: the button does. */
export function LinkPage({ locale, token, email }: LinkProps) {
  const words = signInWords(locale);
  const path = `/login/link/${token}`;
  if (email === null)
    return (
      <Door locale={locale} path="/login" title={words.goneTitle}>
        <h1>{words.goneTitle}</h1>
        <p class="lead">{words.gone}</p>
        <p class="actions">
          <a class="button primary" href="/login">
            {words.title}
          </a>
        </p>
      </Door>
    );
  return (
    <Door locale={locale} path={path} title={words.openTitle}>
      <h1>{words.openTitle}</h1>
      <p class="lead">{words.openAs(email)}</p>
      <form method="post" action={path}>
        <button class="primary">{words.open}</button>
      </form>
    </Door>
  );
}
