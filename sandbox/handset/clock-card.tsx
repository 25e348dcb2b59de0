import type { Fired } from '../clock-steps';
import type { Live } from './live';
import { linkTo, type Scope } from './scope';
import { nextMessage } from './timeline';
import { cityOf, spanOf } from './times';
import type { Words } from './words';

/** After so long a push is said to be waiting for something. */
const SLOW_MS = 6_000;
/** So long the page says what a push did. */
const NEWS_MS = 60_000;

/** The business's time, whether it is virtual, and the buttons that push it. Replaced live. */
export function ClockCard({ scope, live }: { scope: Scope; live: Live }) {
  const { words, business, businessTimes } = scope;
  return (
    <>
      <div class="clock-face">
        <h2 class="unseen">{words.clockOf(business.name)}</h2>
        <p class="clock-time">{businessTimes.time(live.now)}</p>
        <p class="clock-day">
          {businessTimes.day(live.now)} <span>· {cityOf(business.zone)}</span>
          <span class={live.offsetMs === 0 ? 'tag' : 'tag tag-virtual'}>{live.offsetMs === 0 ? words.realTime : words.virtualTag}</span>
        </p>
      </div>
      {live.offsetMs !== 0 && (
        <p class="banner" id="virtual-time">
          {words.virtual(spanOf(live.offsetMs, scope.locale))}
        </p>
      )}
      <Pushes scope={scope} live={live} />
      <Outcome scope={scope} live={live} />
    </>
  );
}

function Pushes({ scope, live }: { scope: Scope; live: Live }) {
  const { words, times } = scope;
  const next = nextMessage(live.visits);
  const running = live.push.state === 'running';
  const post = (to: string): Record<string, string> => ({
    'hx-post': linkTo('/handset/clock', scope, { to }),
    'hx-target': '#clock',
    'hx-swap': 'innerMorph',
  });
  return (
    <div class="pushes">
      {/* Not `disabled`: that would take the focus away from whoever has just pressed it. */}
      <button type="button" id="push-next" class="primary" aria-disabled={running || next === null} {...post('next')}>
        <strong>{words.toNext}</strong>
        <span>{next ? words.nextIs(words.rules[next.message.rule], times.moment(next.at)) : words.nothingNext}</span>
      </button>
      <button type="button" id="push-hour" aria-disabled={running} {...post('hour')}>
        {words.plusHour}
      </button>
      <button type="button" id="push-day" aria-disabled={running} {...post('day')}>
        {words.plusDay}
      </button>
    </div>
  );
}

/** How the last push goes or went. The element stays, so that readers are told of the change. */
function Outcome({ scope: { words }, live: { push } }: { scope: Scope; live: Live }) {
  const failed = push.state === 'failed';
  return (
    <div class="outcome" role={failed ? 'alert' : 'status'} id={failed ? 'push-failed' : 'push-outcome'}>
      {push.state === 'running' && (
        <p class="moving">
          <span class="spinner" aria-hidden="true" />
          {Date.now() - push.since < SLOW_MS ? words.pushing : words.pushingSlow}
        </p>
      )}
      {push.state === 'done' && Date.now() - push.since < NEWS_MS && (
        <p>{push.fired.length === 0 ? words.stood : words.fired(push.fired.length, namesOf(push.fired, words))}</p>
      )}
      {push.state === 'failed' && <p class="error">{words.pushFailed[push.problem.code]}</p>}
    </div>
  );
}

/** Each kind once, in our words where the process's own name for it is a rule. */
function namesOf(fired: Fired[], words: Words): string {
  const rules: Partial<Record<string, string>> = words.rules;
  const name = (what: string): string => rules[what] ?? rules[what.split(/[\s:·]/)[0] ?? ''] ?? what;
  return [...new Set(fired.map(({ what }) => name(what)))].join(', ');
}
