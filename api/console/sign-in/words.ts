import type { Locale } from '../../../domain/message';

export type SignInWords = {
  title: string;
  email: string;
  password: string;
  wrong: string;
  tooMany: string;
  linkTitle: string;
  linkHint: string;
  sendLink: string;
  withPassword: string;
  sentTitle: string;
  sent: string;
  sentHint: string;
  another: string;
  openTitle: string;
  openAs: (email: string) => string;
  open: string;
  goneTitle: string;
  gone: string;
  sessions: string;
  sessionsLead: string;
  device: string;
  unknownDevice: string;
  current: string;
  since: string;
  lastUsed: string;
  end: string;
  endOthers: string;
  ended: string;
  othersEnded: string;
  onlyThis: string;
};

const english: SignInWords = {
  title: 'Sign in',
  email: 'E-mail',
  password: 'Password',
  wrong: 'E-mail or password is wrong.',
  tooMany: 'Too many attempts. Wait ten minutes and try again.',
  linkTitle: 'Sign in',
  linkHint: 'We mail you a link. No password needed.',
  sendLink: 'Mail me a link',
  withPassword: 'Sign in with a password',
  sentTitle: 'Check your mail',
  sent: 'If the address belongs to somebody here, a link is on its way. It works once, for 20 minutes.',
  sentHint: 'Nothing after a minute? Look among unwanted mail, or check the address.',
  another: 'Use another address',
  openTitle: 'Welcome back',
  openAs: (email) => `You sign in as ${email}.`,
  open: 'Sign in',
  goneTitle: 'This link no longer works',
  gone: 'It was used, or is older than 20 minutes. Ask for a new one.',
  sessions: 'Where I am signed in',
  sessionsLead: 'Something here that is not yours? End it, and nobody can use it any more.',
  device: 'Device',
  unknownDevice: 'Unknown device',
  current: 'This one',
  since: 'Since',
  lastUsed: 'Last used',
  end: 'End',
  endOthers: 'End all others',
  ended: 'That session is ended.',
  othersEnded: 'You are signed out everywhere else.',
  onlyThis: 'You are signed in here and nowhere else.',
};

const spanish: SignInWords = {
  title: 'Iniciar sesión',
  email: 'Correo',
  password: 'Contraseña',
  wrong: 'El correo o la contraseña no son correctos.',
  tooMany: 'Demasiados intentos. Espere diez minutos y vuelva a intentarlo.',
  linkTitle: 'Iniciar sesión',
  linkHint: 'Le enviamos un enlace por correo. No necesita contraseña.',
  sendLink: 'Enviarme un enlace',
  withPassword: 'Iniciar sesión con contraseña',
  sentTitle: 'Revise su correo',
  sent: 'Si la dirección es de alguien de aquí, un enlace va en camino. Sirve una vez, durante 20 minutos.',
  sentHint: '¿Nada después de un minuto? Busque en el correo no deseado o revise la dirección.',
  another: 'Usar otra dirección',
  openTitle: 'Le damos la bienvenida',
  openAs: (email) => `Inicia sesión como ${email}.`,
  open: 'Iniciar sesión',
  goneTitle: 'Este enlace ya no funciona',
  gone: 'Ya se usó o tiene más de 20 minutos. Pida uno nuevo.',
  sessions: 'Dónde tengo sesión abierta',
  sessionsLead: '¿Hay algo que no es suyo? Ciérrelo y nadie más podrá usarlo.',
  device: 'Dispositivo',
  unknownDevice: 'Dispositivo desconocido',
  current: 'Este',
  since: 'Desde',
  lastUsed: 'Último uso',
  end: 'Cerrar',
  endOthers: 'Cerrar todas las demás',
  ended: 'Esa sesión está cerrada.',
  othersEnded: 'Su sesión está cerrada en todos los demás sitios.',
  onlyThis: 'Tiene sesión abierta aquí y en ningún otro sitio.',
};

export const signInWords = (locale: Locale): SignInWords => (locale === 'es' ? spanish : english);
