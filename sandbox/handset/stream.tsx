import { renderToString } from 'preact-render-to-string';
import { PassThrough } from 'node:stream';
import { ClockCard } from './clock-card';
import type { HandsetDeps } from './deps';
import { concerns } from './feed';
import { readLive, type Live } from './live';
import { Thread } from './phone';
import type { Scope } from './scope';
import { Visits } from './visits';

/** How often the facts are looked at; texts and pushes make it look at once. */
const EVERY_MS = 700;
const BEAT_MS = 15_000;

/** Server-sent events for one page: what changed of thread, clock and visits, as htmx partials. The first one brings all, so a reader may come back any time. */
export function streamOf(deps: HandsetDeps, scope: Scope): PassThrough {
  const stream = new PassThrough();
  const state: { ended: boolean; poked: boolean; wake: () => void } = { ended: false, poked: false, wake: () => undefined };
  const poke = (): void => {
    state.poked = true;
    state.wake();
  };
  const end = (): void => {
    state.ended = true;
    poke();
    stream.end();
  };

  const silenceLog = deps.log.listen((entry) => {
    if (concerns(entry, scope.person)) poke();
  });
  const silenceClock = deps.clock.listen(poke);
  /** Between its end and its close it takes no more: a write there would be an error that nobody hears. */
  const write = (text: string): void => {
    if (!state.ended) stream.write(text);
  };
  const beat = setInterval(() => write(': still here\n\n'), BEAT_MS);
  deps.closing.addEventListener('abort', end);
  stream.on('close', () => {
    clearInterval(beat);
    silenceLog();
    silenceClock();
    deps.closing.removeEventListener('abort', end);
    state.ended = true;
    poke();
  });

  const pump = async (): Promise<void> => {
    const sent = new Map<string, string>();
    while (!state.ended) {
      state.poked = false;
      const changed = (await partsOf(deps, scope)).filter(({ target, html }) => sent.get(target) !== html);
      for (const { target, html } of changed) sent.set(target, html);
      if (changed.length > 0) write(event(changed));
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, state.poked ? 0 : EVERY_MS);
        state.wake = () => {
          clearTimeout(timer);
          resolve();
        };
      });
    }
  };
  void pump();
  return stream;
}

type Part = { target: string; html: string };

/** When the facts cannot be read, only that is said, and what stands on the page stays. */
async function partsOf(deps: HandsetDeps, scope: Scope): Promise<Part[]> {
  try {
    return [{ target: '#trouble', html: '' }, ...render(scope, await readLive(deps, scope))];
  } catch {
    return [{ target: '#trouble', html: scope.words.unavailable }];
  }
}

const render = (scope: Scope, live: Live): Part[] => [
  { target: '#phone-time', html: scope.times.time(live.now) },
  { target: '#thread', html: renderToString(<Thread scope={scope} feed={live.feed} />) },
  { target: '#clock', html: renderToString(<ClockCard scope={scope} live={live} />) },
  { target: '#visits', html: renderToString(<Visits scope={scope} live={live} />) },
];

function event(parts: Part[]): string {
  const html = parts
    .map((part) => `<hx-partial hx-target="${part.target}" hx-swap="innerMorph swapEmpty:true">${part.html}</hx-partial>`)
    .join('\n');
  return `${html
    .split('\n')
    .map((line) => `data: ${line}`)
    .join('\n')}\n\n`;
}
