import type { Claim, StoredEvent } from '../../db/webhook-events';
import { claimEvent, findDueEvents, holdEvent, noteProcessed, noteUnprocessed } from '../../db/webhook-events';
import { withBusiness, withoutBusiness } from '../../db/tenancy';
import { errorCode } from '../../domain/error-code';
import type { Action, WebhookDeps } from './deps';
import { effectOf } from './effects';

/**
 * Transaction 2: claims a stored event, then handles it under its business; the effect and "processed" commit together. Safe to run twice, and by several at
 * once, because only the newest claim of an event that is not processed may act. Never throws: what fails stays stored, with a code, and is tried again.
 */
export async function handleStored(deps: WebhookDeps, event: StoredEvent): Promise<void> {
  const noteTrouble = (code: string): void =>
    deps.log.warn({ webhookEventId: event.id, provider: event.provider, code }, 'a webhook waits to be handled again');
  try {
    const claimed = await claimEvent(deps.db.pool, event.id);
    if (!claimed) return;
    const code = await handleClaimed(deps, event, claimed);
    if (code !== null) noteTrouble(code);
  } catch (error) {
    noteTrouble(errorCode(error)); // the database itself failed: the row keeps its turn
  }
}

/** Answers the code of what went wrong, written down with the event, or null. */
async function handleClaimed(deps: WebhookDeps, event: StoredEvent, claimed: Claim): Promise<string | null> {
  const { pool } = deps.db;
  try {
    const effect = await effectOf(deps, event);
    if (effect === 'unmatched') await noteUnprocessed(pool, { ...claimed, status: 'unmatched', code: 'unknown_subject' });
    else if (effect === null) await withoutBusiness(deps.db, (tx) => noteProcessed(tx, claimed));
    else await apply(deps, claimed, effect);
    return null;
  } catch (error) {
    await noteUnprocessed(pool, { ...claimed, status: 'received', code: errorCode(error) });
    return errorCode(error);
  }
}

async function apply({ db, clock }: WebhookDeps, claimed: Claim, { businessId, apply: act }: Action): Promise<void> {
  const now = await clock.now(businessId);
  await withBusiness(db, businessId, async (tx) => {
    if (!(await holdEvent(tx, claimed))) return;
    await act(tx, now);
    await noteProcessed(tx, claimed);
  });
}

/** So many handlers share the process's connections with its requests, whatever the vendors deliver at once. */
const AT_ONCE = 4;
/** More are not kept in memory: they are stored, and the sweep handles them. */
const WAITING_MAX = 2_000;

/** Handles stored events in the order in which they are given, a few at a time. `give` answers at once and never throws. */
export function createHandling(deps: WebhookDeps): { give: (events: StoredEvent[]) => void } {
  const waiting: StoredEvent[] = [];
  const state = { running: 0 };
  const lane = async (): Promise<void> => {
    for (let event = waiting.shift(); event; event = waiting.shift()) await handleStored(deps, event);
    state.running -= 1;
  };
  const give = (events: StoredEvent[]): void => {
    waiting.push(...events.slice(0, WAITING_MAX - waiting.length));
    for (let more = Math.min(AT_ONCE - state.running, waiting.length); more > 0; more -= 1) {
      state.running += 1;
      void lane();
    }
  };
  return { give };
}

/** Handles what was stored and not handled: the process that took it died, its row came too early, the database was away. Answers how many it tried. */
export async function sweepWebhooks(deps: WebhookDeps, limit = 200): Promise<number> {
  const due = await findDueEvents(deps.sweeper, limit);
  const left = due.values();
  const lane = async (): Promise<void> => {
    for (const event of left) await handleStored(deps, event);
  };
  await Promise.all(Array.from({ length: AT_ONCE }, lane));
  return due.length;
}

export type Trial = { outcome: 'processed' | 'unmatched' | 'failed'; error: string | null };

/** What handling an event would come to now: the same handler, whose transaction is then rolled back. Nothing is kept and nobody is rung. */
export async function tryOut(deps: WebhookDeps, event: StoredEvent): Promise<Trial> {
  try {
    const effect = await effectOf(withoutJudge(deps), event);
    if (effect === 'unmatched') return { outcome: 'unmatched', error: 'unknown_subject' };
    if (effect !== null) await applyAndUndo(deps, effect);
    return { outcome: 'processed', error: null };
  } catch (error) {
    return { outcome: 'failed', error: errorCode(error) };
  }
}

/** A rehearsal sends nobody's words to anybody. */
const withoutJudge = (deps: WebhookDeps): WebhookDeps => ({ ...deps, vendors: { ...deps.vendors, optOutJudge: null } });

/** Thrown to end a transaction that was only a rehearsal. */
class Undone extends Error {}

async function applyAndUndo({ db, clock }: WebhookDeps, { businessId, apply: act }: Action): Promise<void> {
  const now = await clock.now(businessId);
  try {
    await withBusiness(db, businessId, async (tx) => {
      await act(tx, now);
      throw new Undone();
    });
  } catch (error) {
    if (!(error instanceof Undone)) throw error;
  }
}
