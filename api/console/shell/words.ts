import type { Locale } from '../../../domain/message';

export type ShellWords = {
  skip: string;
  rooms: string;
  account: string;
  more: string;
  otherLanguage: string;
  signOut: string;
  sessions: string;
  undo: string;
  home: string;
  back: string;
  roles: Record<'owner' | 'admin' | 'staff' | 'viewer', string>;
  troubleTitle: string;
  tryAgain: string;
};

const english: ShellWords = {
  skip: 'Skip to content',
  rooms: 'Main',
  account: 'Account',
  more: 'More',
  otherLanguage: 'Español',
  signOut: 'Sign out',
  sessions: 'Where I am signed in',
  undo: 'Undo',
  home: 'To today',
  back: 'Back',
  roles: { owner: 'Owner', admin: 'Administrator', staff: 'Staff', viewer: 'May look, not change' },
  troubleTitle: 'That did not work',
  tryAgain: 'Try again',
};

const spanish: ShellWords = {
  skip: 'Saltar al contenido',
  rooms: 'Principal',
  account: 'Cuenta',
  more: 'Más',
  otherLanguage: 'English',
  signOut: 'Cerrar sesión',
  sessions: 'Dónde tengo sesión abierta',
  undo: 'Deshacer',
  home: 'Ir a hoy',
  back: 'Volver',
  roles: { owner: 'Propietario', admin: 'Administrador', staff: 'Equipo', viewer: 'Puede ver, no cambiar' },
  troubleTitle: 'Eso no funcionó',
  tryAgain: 'Intentar de nuevo',
};

export const shellWords = (locale: Locale): ShellWords => (locale === 'es' ? spanish : english);
