import type { Context } from 'koa';
import { v7 as newId } from 'uuid';
import { recordAudit, recordPlatformAudit } from '../db/audit';
import type { Tx } from '../db/tenancy';
import type { Instant } from '../domain/time';
import type { Caller } from './caller';
import type { ApiDeps } from './deps';
import { snakeKeys } from './naming';
import { idempotencyKeyOf, once, requestHash, type Answer } from './once';
import { invalid } from './problem';
import { readAsked, type Raw } from './reading';
import type { BusinessRoute, Origin, Route } from './route';

/** What is asked of a route of one business, by whom, inside whose transaction. */
export type Performance = {
  route: BusinessRoute;
  deps: ApiDeps;
  caller: Caller;
  /** The business's time. */
  now: Instant;
  asked: Raw;
  cookies: Context['cookies'];
  /** The Idempotency-Key, or ''; and path and query, which it is kept for. */
  once: { key: string; url: string };
};

/**
 * The one way to do what a route declares, for the API's requests and the console's forms alike: reads what was asked, does it, checks the answer against the
 * response, notes it in the audit log; exactly once for a key. Whether the caller may is asked before. Throws the route's problems.
 */
export async function perform(
  tx: Tx,
  { route, deps, caller, now, asked: raw, cookies, once: { key: given, url } }: Performance,
): Promise<Answer> {
  const asked = readAsked(route, raw);
  const { from, file, fields } = raw;
  const run = async (): Promise<Answer> => {
    const answer = answerOf(route, await route.run({ ...asked, file, from, cookies, deps, caller, tx, now }));
    // A dry run did nothing worth noting.
    if (route.action !== null && asked.query['dryRun'] !== true)
      await audit(tx, { action: route.action, caller, from, now, body: asked.body, subjectId: subjectOf(answer, asked.params) });
    return answer;
  };
  // What writes nothing needs no key, and keeps none.
  const key = route.action === null ? null : idempotencyKeyOf(given);
  if (key === null && route.keyRequired) throw invalid('idempotency_key_required');
  if (key === null) return run();
  const table = caller.kind === 'operator' ? 'operator_requests' : 'idempotency_keys';
  const method = route.method.toUpperCase();
  return once(tx, { key, table, requestHash: requestHash({ method, url, fields, file }) }, { encryption: deps.encryption, work: run });
}

/** Nothing leaves that the response does not declare. */
export const answerOf = ({ status, response }: Route, answer: unknown): Answer => ({
  status,
  body: response?.parse(snakeKeys(answer)) ?? null,
  replayed: false,
});

/** A field of an answer, whatever it is. */
export const fieldOf = (value: unknown, name: string): unknown =>
  typeof value === 'object' && value !== null && name in value ? (value as Record<string, unknown>)[name] : undefined;

function subjectOf({ body }: Answer, params: Record<string, unknown>): string | null {
  const subject = fieldOf(params, 'id') ?? fieldOf(body, 'id');
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
