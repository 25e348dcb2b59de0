import { DAY_MS, HOUR_MS } from '../../domain/time';
import type { Push } from '../clock';
import type { Live } from './live';
import { nextMessage } from './timeline';

/** What a button means: `next` (this person's next message), `hour`, `day`, or an instant. Null: nothing to push to. */
export function pushOf(to: string, { visits, now }: Pick<Live, 'visits' | 'now'>): Push | null {
  if (to === 'hour') return { byS: HOUR_MS / 1_000 };
  if (to === 'day') return { byS: DAY_MS / 1_000 };
  const at = to === 'next' ? nextMessage(visits)?.at : to;
  if (at === undefined || Number.isNaN(Date.parse(at))) return null;
  // What is due already is done by a push that goes nowhere.
  return at <= now ? { byS: 0 } : { to: { at } };
}
