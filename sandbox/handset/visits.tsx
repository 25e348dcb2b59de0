import type { Live } from './live';
import { linkTo, type Scope } from './scope';
import { linesOf, sortVisits, type Line, type VisitView } from './timeline';
import { timesIn, venueMoment } from './times';

/** The person's visits with every planned message. Replaced live. */
export function Visits({ scope, live }: { scope: Scope; live: Live }) {
  const { words } = scope;
  const { ahead, earlier } = sortVisits(live.visits, live.now);
  return (
    <>
      {live.visits.length === 0 && <p class="visits-empty">{words.noVisits}</p>}
      {ahead.map((visit) => (
        <Visit scope={scope} live={live} visit={visit} open />
      ))}
      {earlier.length > 0 && (
        <details class="earlier" open={ahead.length === 0}>
          <summary>{words.earlier(earlier.length)}</summary>
          {earlier.map((visit) => (
            <Visit scope={scope} live={live} visit={visit} open={ahead.length === 0} />
          ))}
        </details>
      )}
    </>
  );
}

type VisitProps = { scope: Scope; live: Live; visit: VisitView; open: boolean };

function Visit({ scope, live, visit, open }: VisitProps) {
  const { words, times } = scope;
  const when = visitMoment(scope, visit);
  const { lines, replaced } = linesOf(visit, { words, times });
  return (
    <article class="visit" id={`visit-${visit.id}`} aria-labelledby={`visit-name-${visit.id}`}>
      <header>
        <h3 id={`visit-name-${visit.id}`}>{visit.serviceName}</h3>
        <span class={`status status-${visit.status}`}>{words.statuses[visit.status]}</span>
        <p>
          <strong>{when}</strong>
          <br />
          {`${words.visitWith(visit.staffName)} · ${visit.locationName}`}
        </p>
      </header>
      <Actions scope={scope} live={live} visit={visit} />
      <details class="plan" open={open}>
        <summary>{words.timeline}</summary>
        {lines.length === 0 && <p class="plan-empty">{words.nothingPlanned}</p>}
        <Lines lines={lines} />
        {replaced.length > 0 && (
          <details class="replaced">
            <summary>{words.replaced(replaced.length)}</summary>
            <Lines lines={replaced} />
          </details>
        )}
      </details>
    </article>
  );
}

/** When a visit is, at the venue (R9). */
export const visitMoment = ({ times, locale }: Scope, { startsAt, zone }: Pick<VisitView, 'startsAt' | 'zone'>): string =>
  venueMoment(startsAt, { venue: timesIn(zone, locale), reader: times });

const HOUR_MS = 3_600_000;

function Actions({ scope, live, visit }: Omit<VisitProps, 'open'>) {
  const { words } = scope;
  const canMove = (visit.status === 'booked' || visit.status === 'confirmed') && visit.startsAt > live.now;
  if (!canMove) return null;
  const hourBefore = new Date(Date.parse(visit.startsAt) - HOUR_MS).toISOString();
  const clock = { 'hx-post': linkTo('/handset/clock', scope, { to: hourBefore }), 'hx-target': '#clock', 'hx-swap': 'innerMorph' };
  const moving = { 'hx-get': linkTo(`/handset/visits/${visit.id}/move`, scope), 'hx-target': '#sheet-body', 'hx-swap': 'innerHTML' };
  const cancelling = { 'hx-post': linkTo(`/handset/visits/${visit.id}/cancel`, scope), 'hx-target': '#notice', 'hx-swap': 'innerHTML' };
  return (
    <div class="actions">
      {hourBefore > live.now && (
        <button type="button" id={`before-${visit.id}`} aria-disabled={live.push.state === 'running'} {...clock}>
          {words.hourBefore}
        </button>
      )}
      <button type="button" id={`move-${visit.id}`} aria-haspopup="dialog" {...moving}>
        {words.move}
      </button>
      <button
        type="button"
        id={`cancel-${visit.id}`}
        class="danger"
        hx-confirm={words.really(visit.serviceName, visitMoment(scope, visit))}
        {...cancelling}
      >
        {words.cancel}
      </button>
    </div>
  );
}

function Lines({ lines }: { lines: Line[] }) {
  return (
    <ol class="lines">
      {lines.map(({ id, title, says, tone }) => (
        <li id={`line-${id}`} class={`line line-${tone}`}>
          <span class="line-title">{title}</span>
          <span class="line-says">{says}</span>
        </li>
      ))}
    </ol>
  );
}
