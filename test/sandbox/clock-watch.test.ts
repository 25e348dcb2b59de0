import type { SandboxClock } from '../../sandbox/clock';
import { NotSettled } from '../../sandbox/clock-steps';
import { startTicker } from '../../sandbox/ticker';
import { watchClock } from '../../sandbox/watched-clock';

const NOW = '2027-03-07T15:00:00.000Z';
const silent = { debug: () => undefined, info: () => undefined, warn: () => undefined, error: () => undefined };

function aClock(clock: Partial<SandboxClock> = {}) {
  return watchClock({
    read: () => Promise.resolve({ now: NOW, offsetMs: 0 }),
    push: () => Promise.resolve({ now: NOW, fired: [] }),
    tick: () => Promise.resolve(),
    ...clock,
  });
}

describe('a watched clock', () => {
  it('tells of a push from its beginning to its end', async () => {
    const told: string[] = [];
    const clock = aClock();
    const silence = clock.listen(() => told.push(clock.stateOf('salon').state));
    expect(clock.stateOf('salon')).toEqual({ state: 'still' });
    await clock.push('salon', { to: 'next' });
    expect(told).toEqual(['running', 'done']);
    silence();
    await clock.push('salon', { to: 'next' });
    expect(told).toHaveLength(2);
    expect(clock.pushed()).toEqual(['salon']);
  });

  it('keeps why a push failed, and still fails for whoever waited', async () => {
    const clock = aClock({ push: () => Promise.reject(new NotSettled()) });
    await expect(clock.push('salon', { byS: 60 })).rejects.toThrow(NotSettled);
    expect(clock.stateOf('salon')).toMatchObject({ state: 'failed', problem: { code: 'worker_not_answering' } });
  });
});

describe('the ticker', () => {
  /** Resolves with what was ticked once there are as many. */
  function ticking(count: number, options: { offsets?: Record<string, number>; failing?: string; pushed?: string[] }) {
    const ticked: string[] = [];
    return new Promise<string[]>((resolve) => {
      const clock = aClock({
        read: (id) => Promise.resolve({ now: NOW, offsetMs: options.offsets?.[id] ?? 0 }),
        tick: ([id = '']) => {
          ticked.push(id);
          if (ticked.length === count) void ticker.stop().then(() => resolve(ticked));
          return id === options.failing ? Promise.reject(new NotSettled()) : Promise.resolve();
        },
      });
      for (const id of options.pushed ?? []) void clock.push(id, { byS: 60 });
      const businesses = () => Promise.resolve(Object.keys(options.offsets ?? {}));
      const ticker = startTicker({ clock, businesses, log: silent, everyMs: 1 });
    });
  }

  it('ticks the businesses whose time an earlier run pushed, and leaves the others', async () => {
    expect(await ticking(3, { offsets: { salon: 5_000, dentist: 0 } })).toEqual(['salon', 'salon', 'salon']);
  });

  it('ticks a business from its first push on', async () => {
    expect(await ticking(2, { pushed: ['salon'] })).toEqual(['salon', 'salon']);
  });

  it('lets a business rest that stands still, so that a push need not wait behind it', async () => {
    expect(await ticking(4, { offsets: { stuck: 1, salon: 1 }, failing: 'stuck' })).toEqual(['stuck', 'salon', 'salon', 'salon']);
  });

  it('asks again for the pushed businesses until the database answers', async () => {
    const asked: number[] = [];
    await new Promise<void>((resolve) => {
      const clock = aClock({
        read: () => Promise.resolve({ now: NOW, offsetMs: 1 }),
        tick: () => {
          void ticker.stop().then(resolve);
          return Promise.resolve();
        },
      });
      const businesses = () => {
        asked.push(1);
        return asked.length < 3 ? Promise.reject(new Error('away')) : Promise.resolve(['salon']);
      };
      const ticker = startTicker({ clock, businesses, log: silent, everyMs: 1 });
    });
    expect(asked).toHaveLength(3);
  });
});
