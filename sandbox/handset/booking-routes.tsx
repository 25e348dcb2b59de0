import type Router from '@koa/router';
import { createHash } from 'node:crypto';
import type { Context } from 'koa';
import { renderToString } from 'preact-render-to-string';
import { z } from 'zod';
import { findPersonVisits, type PersonVisit } from '../../db/handset';
import { withBusiness } from '../../db/tenancy';
import { localDate, type Instant } from '../../domain/time';
import { readText } from '../http';
import { html, withScope } from './answering';
import type { HandsetDeps } from './deps';
import { findFreeTimes, firstDay } from './free-times';
import type { Scope } from './scope';
import { BookSheet, MoveSheet, sayRefusal, Slots } from './sheet';
import { usherApi, type ApiAnswer, type UsherApi } from './usher-api';

/** Booking, moving, cancelling and waiting: by Usher's public API, like anybody else. */
export function bookingRoutes(router: Router, deps: HandsetDeps): void {
  router.get('/handset/book', (ctx) => withScope(ctx, deps, (scope) => openBooking(ctx, deps, scope)));
  router.post('/handset/book', (ctx) => withScope(ctx, deps, (scope) => book(ctx, scope)));
  router.post('/handset/waitlist', (ctx) => withScope(ctx, deps, (scope) => joinWaitlist(ctx, scope)));
  router.get('/handset/slots', (ctx) => withScope(ctx, deps, (scope) => showSlots(ctx, scope)));
  router.get('/handset/visits/:id/move', (ctx) =>
    withScope(ctx, deps, (scope) => withVisit(ctx, { deps, scope }, (visit) => openMoving(ctx, { deps, scope, visit }))),
  );
  router.post('/handset/visits/:id/move', (ctx) =>
    withScope(ctx, deps, (scope) => withVisit(ctx, { deps, scope }, (visit) => move(ctx, scope, visit))),
  );
  router.post('/handset/visits/:id/cancel', (ctx) =>
    withScope(ctx, deps, (scope) => withVisit(ctx, { deps, scope }, (visit) => cancel(ctx, scope, visit))),
  );
}

const apiOf = ({ demo, business, locale }: Scope): UsherApi => usherApi({ api: demo.api, apiKey: business.api_key, locale });

async function withVisit(
  ctx: Context,
  { deps, scope }: { deps: HandsetDeps; scope: Scope },
  work: (visit: PersonVisit) => Promise<void>,
): Promise<void> {
  const { id } = (ctx as Context & { params: { id?: string } }).params;
  const visits = await withBusiness(deps.db, scope.business.id, (tx) => findPersonVisits(tx, { contactId: scope.person.id, limit: 100 }));
  const visit = visits.find((one) => one.id === id);
  if (!visit) return ctx.throw(404);
  await work(visit);
}

async function openBooking(ctx: Context, { clock }: HandsetDeps, scope: Scope): Promise<void> {
  const { business } = scope;
  const { now } = await clock.read(business.id);
  const choice = { serviceId: business.services[0]?.id ?? '', staffId: null };
  html(ctx, renderToString(<BookSheet {...await sheetProps(scope, { choice, now })} />));
}

async function openMoving(ctx: Context, { deps, scope, visit }: { deps: HandsetDeps; scope: Scope; visit: PersonVisit }): Promise<void> {
  const { now } = await deps.clock.read(scope.business.id);
  const choice = { serviceId: visit.serviceId, staffId: visit.staffId };
  html(ctx, renderToString(<MoveSheet {...await sheetProps(scope, { choice, now })} visit={visit} />));
}

type Opening = { choice: { serviceId: string; staffId: string | null }; now: Instant };

/** Opens at a day that has room, so that a newcomer can book at once. */
async function sheetProps(scope: Scope, { choice, now }: Opening) {
  const { zone } = scope.business;
  const api = apiOf(scope);
  const wanted = firstDay(now, zone);
  const first = await findFreeTimes(api, { ...choice, day: wanted, zone });
  const other = first.kind === 'ok' ? first.data.nextDay : null;
  const free = other === null ? first : await findFreeTimes(api, { ...choice, day: other, zone });
  return { scope, choice, free, day: other ?? wanted, today: localDate(now, zone) };
}

const Chosen = z.object({
  service: z.uuid(),
  staff: z.union([z.uuid(), z.literal('').transform(() => null)]),
  day: z.iso.date(),
});
const Sent = Chosen.extend({ start: z.iso.datetime(), nonce: z.string().max(100) });

async function showSlots(ctx: Context, scope: Scope): Promise<void> {
  const chosen = Chosen.safeParse(Object.fromEntries(ctx.URL.searchParams));
  if (!chosen.success) return ctx.throw(422);
  const { service: serviceId, staff: staffId, day } = chosen.data;
  const free = await findFreeTimes(apiOf(scope), { serviceId, staffId, day, zone: scope.business.zone });
  html(ctx, renderToString(<Slots scope={scope} free={free} />));
}

async function book(ctx: Context, scope: Scope): Promise<void> {
  const sent = await readSent(ctx, scope);
  if (!sent) return;
  const { service: serviceId, staff: staffId, start: startsAt } = sent;
  const answer = await apiOf(scope).book({ contactId: scope.person.id, serviceId, staffId, startsAt, key: keyOf(sent) });
  await settle(ctx, { scope, sent, answer, says: ({ startsAt: at }) => scope.words.booked(scope.businessTimes.moment(at)) });
}

async function move(ctx: Context, scope: Scope, { id }: PersonVisit): Promise<void> {
  const sent = await readSent(ctx, scope);
  if (!sent) return;
  const answer = await apiOf(scope).move({ id, staffId: sent.staff, startsAt: sent.start, key: keyOf(sent) });
  await settle(ctx, { scope, sent, answer, says: ({ startsAt: at }) => scope.words.moved(scope.businessTimes.moment(at)) });
}

async function cancel(ctx: Context, scope: Scope, { id }: PersonVisit): Promise<void> {
  const answer = await apiOf(scope).cancel({ id, key: `handset-cancel-${id}` });
  if (answer.kind === 'ok') {
    html(ctx, scope.words.cancelledNow);
    return;
  }
  ctx.status = answer.kind === 'away' ? 502 : answer.status;
  html(ctx, renderToString(<span class="error">{sayRefusal(answer, scope)}</span>));
}

const Wish = z.object({ service: z.uuid() });

/** Pressed twice it is one wish. */
async function joinWaitlist(ctx: Context, scope: Scope): Promise<void> {
  const wish = Wish.safeParse(Object.fromEntries(new URLSearchParams(await readText(ctx))));
  if (!wish.success) return ctx.throw(422);
  const { words, business, person } = scope;
  const { service: serviceId } = wish.data;
  const key = `handset-waitlist-${person.id}-${serviceId}`;
  const answer = await apiOf(scope).join({ contactId: person.id, serviceId, statement: words.agreesToOffers, key });
  if (answer.kind === 'ok') {
    html(ctx, words.joined(business.services.find(({ id }) => id === serviceId)?.name ?? ''));
    return;
  }
  ctx.status = answer.kind === 'away' ? 502 : answer.status;
  html(ctx, renderToString(<span class="error">{sayRefusal(answer, scope)}</span>));
}

type SentForm = z.infer<typeof Sent>;

/** Null when it has answered that no time is chosen. */
async function readSent(ctx: Context, { words }: Scope): Promise<SentForm | null> {
  const sent = Sent.safeParse(Object.fromEntries(new URLSearchParams(await readText(ctx))));
  if (sent.success) return sent.data;
  ctx.status = 422;
  html(ctx, words.chooseTime);
  return null;
}

/** The same form sent twice is one booking; another choice in it is another one. */
const keyOf = ({ nonce, service, staff, start }: SentForm): string =>
  `handset-${createHash('sha256')
    .update([nonce, service, staff ?? '', start].join('|'))
    .digest('hex')
    .slice(0, 32)}`;

type Settled<Data> = { scope: Scope; sent: SentForm; answer: ApiAnswer<Data>; says: (data: Data) => string };

/** Done: the dialog closes and the page says so. Refused: the dialog stays, with the times that are free now. */
async function settle<Data>(ctx: Context, { scope, sent, answer, says }: Settled<Data>): Promise<void> {
  if (answer.kind === 'ok') {
    ctx.set({ 'HX-Retarget': '#notice', 'HX-Reswap': 'innerHTML', 'HX-Trigger': 'sheet-done' });
    html(ctx, says(answer.data));
    return;
  }
  ctx.status = answer.kind === 'away' ? 502 : answer.status;
  const free = await findFreeTimes(apiOf(scope), {
    serviceId: sent.service,
    staffId: sent.staff,
    day: sent.day,
    zone: scope.business.zone,
  });
  const slots =
    free.kind === 'ok'
      ? `<hx-partial hx-target="#slots" hx-swap="innerHTML">${renderToString(<Slots scope={scope} free={free} />)}</hx-partial>`
      : '';
  html(
    ctx,
    `${slots}<hx-partial hx-target="#sheet-note" hx-swap="innerHTML">${renderToString(<>{sayRefusal(answer, scope)}</>)}</hx-partial>`,
  );
}
