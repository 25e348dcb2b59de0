import type { Context, Middleware } from 'koa';
import { v7 as newId } from 'uuid';
import { recordAudit, recordPlatformAudit } from '../db/audit';
import { isDeadlock } from '../db/errors';
import { withBusiness, withoutBusiness, type Tx } from '../db/tenancy';
import type { Instant } from '../domain/time';
import type { Caller } from './caller';
import { authorize, identify, type Credential } from './credentials';
import type { ApiDeps } from './deps';
import { localeOf } from './middleware/problems';
import { requestIdOf } from './middleware/request-id';
import { snakeKeys } from './naming';
import { idempotencyKeyOf, once, requestHash, type Answer } from './once';
import { readPayload, type Payload } from './payload';
import { invalid, notFound } from './problem';
import { readAsked } from './reading';
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
  const asked = readAsked(route, ctx, payload);
  return answerOf(route, await route.run({ ...asked, file: payload.file, from: originOf(ctx), cookies: ctx.cookies, deps }));
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
  const { route, deps } = who;
  const caller = await callerOf(tx, who);
  const asked = readAsked(route, ctx, payload);
  const from = originOf(ctx);
  const run = async (): Promise<Answer> => {
    const answer = answerOf(route, await route.run({ ...asked, file: payload.file, from, cookies: ctx.cookies, deps, caller, tx, now }));
    // A dry run did nothing worth noting.
    if (route.action !== null && asked.query['dryRun'] !== true)
      await audit(tx, {
        action: route.action,
        caller,
        from,
        now,
        body: asked.body,
        subjectId: subjectOf(answer, asked.params),
      });
    return answer;
  };
  // What writes nothing needs no key, and keeps none.
  const key = route.action === null ? null : idempotencyKeyOf(ctx.get('Idempotency-Key'));
  if (key === null && route.keyRequired) throw invalid('idempotency_key_required');
  if (key === null) return run();
  const table = caller.kind === 'operator' ? 'operator_requests' : 'idempotency_keys';
  return once(
    tx,
    { key, table, requestHash: requestHash({ method: ctx.method, url: ctx.url, ...payload }) },
    { encryption: deps.encryption, work: run },
  );
}

/** The operator names the business in the path, or makes a new one; everybody else has just one. */
function businessOf(credential: Credential, { operator }: BusinessRoute, ctx: Context): string | null {
  if (credential.kind !== 'operator') return credential.businessId;
  const business = operator?.business((ctx['params'] ?? {}) as Record<string, string>) ?? null;
  if (business !== null && !/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(business)) throw notFound();
  return business;
}

/** Two writers that wait for each other: PostgreSQL ends one, which may simply go again. A second time it is the caller's turn to decide (409). */
async function twiceIfDeadlocked<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (!isDeadlock(error)) throw error;
    return work();
  }
}

/** Nothing leaves that the response does not declare. */
const answerOf = ({ status, response }: Route, answer: unknown): Answer => ({
  status,
  body: response?.parse(snakeKeys(answer)) ?? null,
  replayed: false,
});

const originOf = (ctx: Context): Origin => ({
  requestId: requestIdOf(ctx),
  ip: ctx.ip,
  userAgent: ctx.get('User-Agent').slice(0, 500) || null,
  locale: localeOf(ctx),
});

const field = (value: unknown, name: string): unknown =>
  typeof value === 'object' && value !== null && name in value ? (value as Record<string, unknown>)[name] : undefined;

function subjectOf({ body }: Answer, params: Record<string, unknown>): string | null {
  const subject = field(params, 'id') ?? field(body, 'id');
  return typeof subject === 'string' ? subject : null;
}

type Done = { action: string; caller: Caller; from: Origin; now: Instant; body: Record<string, unknown>; subjectId: string | null };

/** Of what was done in a business the names of the fields; of what was done outside any, all that was asked, as it holds nothing personal. */
async function audit(tx: Tx, { action, caller, from, now, body, subjectId }: Done): Promise<void> {
  const [subjectKind = action] = action.split('.');
  const actor = { actorKind: caller.kind, actorId: caller.id };
  const entry = { id: newId(), ...actor, action, subjectKind, subjectId, requestId: from.requestId, now };
  if (caller.businessId !== '') return recordAudit(tx, { ...entry, changes: { fields: Object.keys(body) } });
  const { reason, ...asked } = body;
  return recordPlatformAudit(tx, { ...entry, reason: typeof reason === 'string' ? reason : null, asked });
}

function send(ctx: Context, { produces }: Route, { status, body, replayed }: Answer): void {
  const version = field(body, 'version');
  if (typeof version === 'number') ctx.set('ETag', `"${String(version)}"`);
  if (replayed) ctx.set('Idempotency-Replayed', 'true');
  ctx.set('Cache-Control', 'no-store');
  ctx.status = status;
  ctx.body = status === 204 ? null : body;
  if (produces === 'text/csv') ctx.set({ 'Content-Type': 'text/csv; charset=utf-8', 'Content-Disposition': 'attachment' });
}
