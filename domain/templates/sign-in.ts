import type { Locale } from '../message';
import type { Wording } from './wording';

const SOURCES = {
  en: {
    subject: 'Sign in to {{ business_name }}',
    body: [
      'Here is your link to sign in. It works once, for 20 minutes.',
      '[Sign in]({{ link }})',
      'If you did not ask for it, do nothing: nobody can sign in without this link.',
    ].join('\n'),
  },
  es: {
    subject: 'Iniciar sesión en {{ business_name }}',
    body: [
      'Este es su enlace para iniciar sesión. Sirve una vez, durante 20 minutos.',
      '[Iniciar sesión]({{ link }})',
      'Si usted no lo pidió, no haga nada: nadie puede entrar sin este enlace.',
    ].join('\n'),
  },
} as const;

/** The mail with the link to log in. No template of the business's: words without the link would lock its people out. */
export const signInWording = (locale: Locale): Wording => ({
  template: { messageClass: 'staff', variables: ['business_name', 'link'], needsWhen: false, speaksOfOptOut: true },
  source: SOURCES[locale],
  own: false,
  templateId: `sign_in_link.email.${locale}.1`,
});
