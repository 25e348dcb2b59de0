import type { ComponentChildren } from 'preact';
import type { Locale } from '../../../domain/message';
import { isAtLeast, type Role } from '../../caller';

/** A room of the console: what the navigation links to. */
export type Room = 'today' | 'calendar';

type Entry = { room: Room; path: string; role: Role; name: Record<Locale, string>; icon: ComponentChildren };

// In the order of a front desk's day. What is listed here exists; a new room adds its line. On a phone the first four stand at the bottom of the screen, the rest behind "More".
const ROOMS: readonly Entry[] = [
  {
    room: 'today',
    path: '/',
    role: 'viewer',
    name: { en: 'Today', es: 'Hoy' },
    icon: (
      <>
        <circle cx="12" cy="12" r="4" />
        <path d="M12 3v2M12 19v2M3 12h2M19 12h2M5.6 5.6 7 7M17 17l1.4 1.4M18.4 5.6 17 7M7 17l-1.4 1.4" />
      </>
    ),
  },
  {
    room: 'calendar',
    path: '/calendar',
    role: 'viewer',
    name: { en: 'Calendar', es: 'Calendario' },
    icon: <path d="M4 6h16v14H4zM4 10h16M8 3v4M16 3v4" />,
  },
];

/** The rooms that somebody of this role may enter. */
export const roomsFor = (role: Role): readonly Entry[] => ROOMS.filter((entry) => isAtLeast(role, entry.role));

/** A drawing of 24 by 24 for the eye only: its words stand beside it. */
export const Icon = ({ children }: { children: ComponentChildren }) => (
  <svg class="icon" viewBox="0 0 24 24" width="24" height="24" aria-hidden="true" focusable="false">
    {children}
  </svg>
);
