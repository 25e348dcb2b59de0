import { later, localDate } from '../../../domain/time';
import { dateAsked, daysFrom } from '../dates';
import { findDeskDays } from '../desk-days';
import { ask, routeOf } from '../shell/acting';
import { filled, ownPath } from '../shell/form';
import type { ConsolePages, Seen, Shown } from '../shell/pages';
import { findGaps } from './gaps';
import { findNeeds } from './needs';
import { TodayPage } from './page';
import { todayWords } from './words';

const OFFER = routeOf('post', '/notify-list/trigger-cancellation');

/** The front desk's day. */
export function todayPages({ page, form }: ConsolePages): void {
  page('/', { role: 'viewer', show: showDay });
  form('/gaps/offer', {
    role: 'staff',
    act: async (seen, fields) => {
      await ask(seen, OFFER, { body: filled(fields, ['service_id', 'staff_id', 'start_ts', 'end_ts']) });
      return { to: ownPath(fields.get('back'), '/'), said: { tone: 'done', text: todayWords(seen.locale).offered } };
    },
  });
}

async function showDay({ ctx, tx, now, frame, business: { zone } }: Seen): Promise<Shown> {
  const today = localDate(now, zone);
  const date = dateAsked(String(ctx.query['date'] ?? ''), today);
  const span = daysFrom(date, 1, zone);
  const visits = await findDeskDays(tx, { first: date, count: 1, zone });
  const desk =
    date === today
      ? { needs: await findNeeds(tx, now), gaps: await findGaps(tx, { from: later(now, span.from), to: span.to, now }) }
      : null;
  return { page: <TodayPage frame={frame} now={now} date={date} today={today} zone={zone} visits={visits} desk={desk} /> };
}
