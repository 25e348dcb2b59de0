import type { ConsolePages } from './pages';
import { Icon, roomsFor } from './rooms';
import { Shell } from './shell';
import { shellWords } from './words';

/** All rooms as one list: where the bar of a phone has no room for them. */
export function morePage({ page }: ConsolePages): void {
  page('/more', {
    role: 'viewer',
    show: ({ frame }) => {
      const words = shellWords(frame.locale);
      const list = (
        <Shell frame={frame} title={words.more}>
          <h1>{words.more}</h1>
          <ul class="more-rooms">
            {roomsFor(frame.role).map(({ room, path, icon, name }) => (
              <li key={room}>
                <a href={path}>
                  <Icon>{icon}</Icon>
                  {name[frame.locale]}
                </a>
              </li>
            ))}
          </ul>
        </Shell>
      );
      return Promise.resolve({ page: list });
    },
  });
}
