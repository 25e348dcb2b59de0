import type { Context, Middleware } from 'koa';
import { isDeadlock } from '../db/errors';
import { isUuid, withBusiness, withoutBusiness, type Tx } from '../db/tenancy';
import type { Instant } from '../domain/time';
import type { Caller } from './caller';
import { authorize, identify, type Credential } from './credentials';
import type { ApiDeps } from './deps';
import { localeOf } from './middleware/problems';
import { requestIdOf } from './middleware/request-id';
import type { Answer } from './once';
import { readPayload, type Payload } from './payload';
import { answerOf, fieldOf, perform } from './perform';
import { notFound } from './problem';
import { readAsked, type Raw } from './reading';
import type { BusinessRoute, Origin, PublicRoute, Route } from './route';

/** Makes a declared route answer. Read downwards: who asks, how often, what, in whose business, exactly once. */
export function serve(route: Route, deps: ApiDeps): Middleware {
  return async (ctx) => {
    const answer = route.role === 'public' ? await servePublic(route, deps, ctx) : await serveBusiness(route, deps, ctx);
    send(ctx, route, answer);
  };
}

async function servePublic(route: PublicRoute, deps: ApiDeps, ctx: Context): Promise<Answer> {
  const payload = await readPayload(ctx, route);
  const raw = rawOf(ctx, payload);
  return answerOf(route, await route.run({ ...readAsked(route, raw), file: payload.file, from: raw.from, cookies: ctx.cookies, deps }));
}

async function serveBusiness(route: BusinessRoute, deps: ApiDeps, ctx: Context): Promise<Answer> {
  const credential = await identify(ctx, deps);
  await deps.limits.request(`${credential.kind} ${credential.id}`);
  const businessId = businessOf(credential, route, ctx);
  ctx.state['businessId'] = businessId;
  const inside = <T>(work: (tx: Tx) => Promise<T>): Promise<T> =>
    businessId === null ? withoutBusiness(deps.db, work) : withBusiness(deps.db, businessId, work);
  const who = { route, deps, credential, businessId: businessId ?? '' };
  // Nobody sends megabytes, or learns what would be valid, who may not do it anyway. What counts is the look in the request's own transaction.
  if (hasBody(ctx)) await inside((tx) => callerOf(tx, who));
  const payload = await readPayload(ctx, route);
  // Before the transaction: a sandbox business's clock is a query of its own, on another connection.
  const now = businessId === null ? deps.clock.system() : await deps.clock.now(businessId);
  return twiceIfDeadlocked(() => inside((tx) => runInside(tx, { ...who, ctx, payload, now })));
}

const hasBody = ({ headers }: Context): boolean => Number(headers['content-length'] ?? 0) > 0 || headers['transfer-encoding'] !== undefined;

type Who = { route: BusinessRoute; deps: ApiDeps; credential: Credential; businessId: string };
const callerOf = (tx: Tx, { route, deps, credential, businessId }: Who): Promise<Caller> =>
  authorize(tx, credential, { route, businessId, systemNow: deps.clock.system() });

type Request = Who & { ctx: Context; payload: Payload; now: Instant };

async function runInside(tx: Tx, { ctx, payload, now, ...who }: Request): Promise<Answer> {
  const caller = await callerOf(tx, who);
  const { route, deps } = who;
  const asked = rawOf(ctx, payload);
  return perform(tx, { route, deps, caller, now, asked, cookies: ctx.cookies, once: { key: ctx.get('Idempotency-Key'), url: ctx.url } });
}

const rawOf = (ctx: Context, { fields, file }: Payload): Raw => ({
  params: ctx['params'] ?? {},
  query: { ...ctx.query },
  fields,
  file,
  ifMatch: ctx.get('If-Match'),
  from: originOf(ctx),
});

/** The operator names the business in the path, or makes a new one; everybody else has just one. */
function businessOf(credential: Credential, { operator }: BusinessRoute, ctx: Context): string | null {
  if (credential.kind !== 'operator') return credential.businessId;
  const business = operator?.business((ctx['params'] ?? {}) as Record<string, string>) ?? null;
  if (business !== null && !isUuid(business)) throw notFound();
  return business;
}

/** Two writers that wait for each other: PostgreSQL ends one, which may simply go again. A second time it is the caller's turn to decide (409). */
export async function twiceIfDeadlocked<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (!isDeadlock(error)) throw error;
    return work();
  }
}

/** Where a request comes from, for proofs and the audit log. */
export const originOf = (ctx: Context): Origin => ({
  requestId: requestIdOf(ctx),
  ip: ctx.ip,
  userAgent: ctx.get('User-Agent').slice(0, 500) || null,
  locale: localeOf(ctx),
});

function send(ctx: Context, { produces }: Route, { status, body, replayed }: Answer): void {
  const version = fieldOf(body, 'version');
  if (typeof version === 'number') ctx.set('ETag', `"${String(version)}"`);
  if (replayed) ctx.set('Idempotency-Replayed', 'true');
  ctx.set('Cache-Control', 'no-store');
  ctx.status = status;
  ctx.body = status === 204 ? null : body;
  if (produces === 'text/csv') ctx.set({ 'Content-Type': 'text/csv; charset=utf-8', 'Content-Disposition': 'attachment' });
}
