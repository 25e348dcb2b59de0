import type { SessionRow } from '../../../db/users';
import { formatDay, formatHour } from '../../../domain/templates/when';
import { localDate, type Instant } from '../../../domain/time';
import { Table } from '../shell/parts';
import { Hidden, Shell, type Frame } from '../shell/shell';
import { signInWords } from './words';

/** Where the reader is signed in, each to be ended. `zone`: whose time is shown. */
export function SessionsPage({ frame, sessions, zone }: { frame: Frame; sessions: SessionRow[]; zone: string }) {
  const { locale } = frame;
  const words = signInWords(locale);
  const at = (instant: Instant): string =>
    `${formatDay({ date: localDate(instant, zone), locale })}, ${formatHour({ startsAt: instant, venueZone: zone, locale })}`;
  const rows = sessions.map(({ id, device, createdAt, lastUsedAt, current }) => ({
    id,
    cells: {
      device: device ?? words.unknownDevice,
      since: at(createdAt),
      lastUsed: at(lastUsedAt ?? createdAt),
      end: current ? (
        <span class="state confirmed">{words.current}</span>
      ) : (
        <form method="post" action={`/sessions/${id}/end`}>
          <Hidden frame={frame} />
          <button>{words.end}</button>
        </form>
      ),
    },
  }));
  const columns = { device: words.device, since: words.since, lastUsed: words.lastUsed, end: words.end };
  return (
    <Shell frame={frame} title={words.sessions}>
      <h1>{words.sessions}</h1>
      <p class="lead">{sessions.length > 1 ? words.sessionsLead : words.onlyThis}</p>
      <Table caption={words.sessions} columns={Object.entries(columns).map(([key, name]) => ({ key, name }))} rows={rows} />
      {sessions.length > 1 && (
        <form method="post" action="/sessions/others/end" class="after">
          <Hidden frame={frame} />
          <button class="danger">{words.endOthers}</button>
        </form>
      )}
    </Shell>
  );
}
