import { createHash } from 'node:crypto';
import Router from '@koa/router';
import type { Context } from 'koa';
import { findCalendarVisits, findLinkedStaff, findLinkedVisit, findLinkHolder } from '../../db/links';
import { withBusiness, type Tx } from '../../db/tenancy';
import { DAY_MS, isBefore, plusMs, type Instant } from '../../domain/time';
import { contactEntry } from '../console/visit/entry';
import { linkEndsAt } from '../console/visit/state';
import type { ApiDeps } from '../deps';
import { staffEntry, toIcs } from '../presenters/calendar';
import { gone, notFound } from '../problem';

const BACK_MS = 30 * DAY_MS;
const AHEAD_MS = 180 * DAY_MS;

/** Calendar files by signed link: one visit for its contact, and a feed that a member of staff subscribes to. */
export function calendarRouter(deps: ApiDeps): Router {
  const router = new Router();
  router.get('/v/:token.ics', async (ctx) => sendCalendar(ctx, await linked(deps, ctx, visitFile(deps))));
  router.get('/calendar/staff/:token.ics', async (ctx) => sendCalendar(ctx, await linked(deps, ctx, staffFile)));
  return router;
}

type Make = (tx: Tx, link: { id: string; token: string; now: Instant }) => Promise<{ name: string; ics: string }>;

/** The file that a link leads to. Throws 404 for a link that is unknown, revoked or to something else, 429. */
async function linked(deps: ApiDeps, ctx: Context, make: Make): Promise<{ name: string; ics: string }> {
  const { token = '' } = ctx['params'] as Record<string, string | undefined>;
  await deps.limits.link({ token, ip: ctx.ip });
  const holder = await findLinkHolder(deps.db, token);
  if (!holder) throw notFound('link');
  const now = await deps.clock.now(holder.businessId);
  return withBusiness(deps.db, holder.businessId, (tx) => make(tx, { id: holder.id, token, now }));
}

const visitFile =
  ({ settings }: Pick<ApiDeps, 'settings'>): Make =>
  async (tx, { id, token, now }) => {
    const visit = await findLinkedVisit(tx, id);
    if (!isBefore(now, linkEndsAt(visit))) throw gone();
    const entry = contactEntry(visit, { locale: visit.contactLocale, url: `${settings.publicUrl}/v/${token}` });
    return { name: 'visit.ics', ics: toIcs({ name: entry.summary, entries: [entry] }) };
  };

const staffFile: Make = async (tx, { id, now }) => {
  const { id: staffId, name, businessName } = await findLinkedStaff(tx, id);
  const visits = await findCalendarVisits(tx, { staffId, from: plusMs(now, -BACK_MS), to: plusMs(now, AHEAD_MS) });
  const entries = visits.map(staffEntry);
  return { name: 'schedule.ics', ics: toIcs({ name: `${name}, ${businessName}`, entries }) };
};

/** A calendar that asks again gets 304 while nothing has changed, also when it wants no cache between us. */
function sendCalendar(ctx: Context, { name, ics }: { name: string; ics: string }): void {
  const tag = `"${createHash('sha256').update(ics).digest('base64url').slice(0, 22)}"`;
  ctx.set({ 'Cache-Control': 'private, no-cache', 'X-Robots-Tag': 'noindex, nofollow', ETag: tag });
  const known = ctx.get('If-None-Match').split(/,\s*/);
  if (known.includes(tag) || known.includes(`W/${tag}`)) {
    ctx.status = 304;
    return;
  }
  ctx.set({ 'Content-Disposition': `inline; filename="${name}"`, 'Content-Type': 'text/calendar; charset=utf-8' });
  ctx.body = ics;
}
