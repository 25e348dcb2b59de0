import type Router from '@koa/router';
import type { Context } from 'koa';
import { z } from 'zod';
import { DAY_MS, instant } from '../../domain/time';
import type { Push } from '../clock';
import { clockProblem } from '../clock-problem';
import { readJson } from '../http';
import type { WatchedClock } from '../watched-clock';
import { answerProblem } from './problem';

export type ClockRouteDeps = { clock: WatchedClock; isBusiness: (id: string) => Promise<boolean> };

/** A push passes every morning on its way; a year of them is a matter of minutes. */
const FURTHEST_MS = 366 * DAY_MS;
const EXAMPLES = 'Send {"to":"next"}, {"to":"2027-03-14T14:00:00Z"} or {"by_s":3600}.';

const at = z.union([
  z.iso.datetime({ offset: true }).transform((text) => Date.parse(text)),
  z
    .int()
    .positive()
    .transform((seconds) => seconds * 1_000),
]);
const Body = z.union([
  z.strictObject({ to: z.literal('next') }),
  z.strictObject({ to: at }),
  z.strictObject({
    by_s: z
      .int()
      .nonnegative()
      .max(FURTHEST_MS / 1_000),
  }),
]);

/** GET and POST /sandbox/clock/:business_id (contract.md, Development only). A push answers once everything due on the way is done. */
export function clockRoutes(router: Router, { clock, isBusiness }: ClockRouteDeps): void {
  const known = async (ctx: Context, businessId: string): Promise<boolean> => {
    const is = z.uuid().safeParse(businessId).success && (await isBusiness(businessId));
    if (!is) answerProblem(ctx, { status: 404, code: 'not_found', detail: 'There is no such business.' });
    return is;
  };

  router.get('/sandbox/clock/:business_id', async (ctx) => {
    const businessId = ctx.params.business_id ?? '';
    await answering(ctx, async () => {
      if (!(await known(ctx, businessId))) return;
      const { now, offsetMs } = await clock.read(businessId);
      ctx.body = { now, offset_s: Math.round(offsetMs / 1_000) };
    });
  });

  router.post('/sandbox/clock/:business_id', async (ctx) => {
    const businessId = ctx.params.business_id ?? '';
    await answering(ctx, async () => {
      if (!(await known(ctx, businessId))) return;
      const push = await readPush(ctx, { clock, businessId });
      if (!push) return;
      const { now, fired } = await clock.push(businessId, push);
      ctx.body = { now, fired: fired.map(({ workflowId, what, at }) => ({ workflow_id: workflowId, what, at })) };
    });
  });
}

/** Null when it has answered what is wrong. */
async function readPush(ctx: Context, { clock, businessId }: { clock: WatchedClock; businessId: string }): Promise<Push | null> {
  const body = Body.safeParse(await readJson(ctx));
  if (!body.success) {
    answerProblem(ctx, { status: 422, code: 'invalid', detail: EXAMPLES });
    return null;
  }
  if ('by_s' in body.data) return { byS: body.data.by_s };
  const { to } = body.data;
  if (to === 'next') return { to: 'next' };
  const { now } = await clock.read(businessId);
  const aheadMs = to - Date.parse(now);
  if (aheadMs < 0) {
    answerProblem(ctx, { status: 422, code: 'past_instant', detail: `Time never goes back: it is ${now} there already.` });
    return null;
  }
  if (aheadMs > FURTHEST_MS) {
    answerProblem(ctx, { status: 422, code: 'too_far', detail: 'A push reaches at most 366 days ahead: take several.' });
    return null;
  }
  return { to: { at: instant(to) } };
}

/** 503 with what to do when worker, Temporal or database do not play along; 500 otherwise. */
async function answering(ctx: Context, work: () => Promise<void>): Promise<void> {
  try {
    await work();
  } catch (error) {
    const { code, detail } = clockProblem(error);
    if (code === 'internal') ctx.app.emit('error', error, ctx);
    answerProblem(ctx, { status: code === 'internal' ? 500 : 503, code, detail });
  }
}
