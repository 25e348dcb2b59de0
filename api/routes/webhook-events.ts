import { z } from 'zod';
import { countEvents, findEvent, listEvents, requeueEvent, requeueEvents } from '../../db/webhook-inspector';
import { findStoredEvent } from '../../db/webhook-events';
import type { ApiDeps } from '../deps';
import { EVENT_STATUSES, presentEvent, WebhookEventDetail, WebhookEventView } from '../presenters/webhook-event';
import { maskPayload } from '../presenters/webhook-payload';
import { conflict } from '../problem';
import { route } from '../route';
import { ById, flagIn, instantIn, pageOf, pageQueryById, text, toPage } from '../wire';
import { SEALED_AS } from '../webhooks/deps';
import { tryOut } from '../webhooks/handle';

const tag = 'Platform';
/** Stored webhooks belong to no business: the operator's alone, and nobody else is told of them (contract.md: 404 to non-admins). */
const platform = { role: 'owner', operator: { only: true, hidden: true, business: () => null } } as const;

const word = z.string().regex(/^[\w.:-]{1,100}$/, 'a word');
const which = {
  provider: word.optional(),
  kind: word.optional(),
  error: word.optional(),
  from: instantIn.optional(),
  to: instantIn.optional(),
};

const list = route(
  {
    method: 'get',
    path: '/admin/webhook_events',
    tag,
    summary: 'Webhooks that vendors delivered, newest first, kept for 30 days',
    description: "For the platform's operator. Without payloads. `from` and `to` bound when they were received.",
    ...platform,
    query: z.object({
      ...which,
      status: z.enum(EVENT_STATUSES).optional(),
      event_id: z.string().min(1).max(200).optional(),
      ...pageQueryById,
    }),
    response: pageOf(WebhookEventView),
  },
  async ({ tx, query: { cursor, limit, ...filter } }) => {
    const rows = await listEvents(tx, { ...filter, ...(cursor !== undefined && { before: cursor }), limit: limit + 1 });
    return toPage(rows, { limit, present: presentEvent, keyOf: (row) => row.id });
  },
);

const get = route(
  {
    method: 'get',
    path: '/admin/webhook_events/:id',
    tag,
    summary: 'One webhook, its personal values masked',
    ...platform,
    params: ById,
    response: WebhookEventDetail,
  },
  async ({ tx, params, deps }) => {
    const event = await findEvent(tx, params.id);
    const payload = await openPayload(deps, params.id);
    return { ...presentEvent(event), fields: payload === null ? null : maskPayload(payload) };
  },
);

const readPayload = route(
  {
    method: 'post',
    path: '/admin/webhook_events/:id/payload',
    tag,
    summary: 'The payload of a webhook as it came, for a reason that is written down',
    action: 'webhook_event.payload_read',
    ...platform,
    params: ById,
    body: z.object({ reason: text(500) }),
    response: z.object({ id: ById.shape.id, payload: z.string().nullable().meta({ description: 'null: sealed with a key that is gone' }) }),
  },
  async ({ params, deps }) => ({ id: params.id, payload: await openPayload(deps, params.id) }),
);

const Would = z
  .object({ outcome: z.enum(['processed', 'unmatched', 'failed']), error: z.string().nullable() })
  .nullable()
  .meta({ description: 'of a dry run: what handling it now would come to' });

const reprocess = route(
  {
    method: 'post',
    path: '/admin/webhook_events/:id/reprocess',
    tag,
    summary: 'Handle a webhook again, by the same handler',
    description:
      'Back to received, whatever became of it; handled within seconds. Safe to repeat. With dry_run=true nothing changes: `would` says what would come of it.',
    action: 'webhook_event.reprocessed',
    ...platform,
    params: ById,
    query: z.object({ dry_run: flagIn.default(false) }),
    body: z.object({ reason: text(500).optional() }),
    status: 202,
    response: z.object({ message: z.string(), event: WebhookEventView, would: Would }),
    problems: ['conflict'],
  },
  async ({ tx, params: { id }, query: { dryRun }, deps }) => {
    if (dryRun) {
      const event = presentEvent(await findEvent(tx, id));
      return { message: 'Nothing was changed', event, would: await tryOut(deps, await findStoredEvent(deps.sweeper, id)) };
    }
    const event = await requeueEvent(tx, id);
    if (!event) throw conflict(); // it is being handled at this moment
    return { message: 'Event queued for reprocessing', event: presentEvent(event), would: null };
  },
);

const reprocessFailed = route(
  {
    method: 'post',
    path: '/admin/webhook_events/reprocess_failed',
    tag,
    summary: 'Handle again all webhooks that were given up, or those that match',
    description: 'With dry_run=true nothing changes: `count` says how many match.',
    action: 'webhook_event.reprocessed_failed',
    ...platform,
    query: z.object({ dry_run: flagIn.default(false) }),
    body: z.object({ ...which, status: z.enum(['failed', 'unmatched']).default('failed'), reason: text(500) }),
    status: 202,
    response: z.object({ message: z.string(), count: z.int() }),
  },
  async ({ tx, query: { dryRun }, body: { provider, kind, error, from, to, status } }) => {
    const filter = { provider, kind, error, from, to, status };
    const count = dryRun ? await countEvents(tx, filter) : await requeueEvents(tx, filter);
    return { message: dryRun ? 'Nothing was changed' : 'Events queued for reprocessing', count };
  },
);

/** The sweeper's role alone reads payloads. Null when the key that sealed it is gone. */
async function openPayload({ sweeper, encryption }: Pick<ApiDeps, 'sweeper' | 'encryption'>, id: string): Promise<string | null> {
  const { keyId, payload } = await findStoredEvent(sweeper, id);
  try {
    return encryption.open({ keyId, bytes: payload }, SEALED_AS);
  } catch {
    return null; // rotated away: the event is still listed, and says what became of it
  }
}

export const webhookEventRoutes = [list, get, readPayload, reprocess, reprocessFailed];
