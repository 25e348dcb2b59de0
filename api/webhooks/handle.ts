import type { StoredEvent } from '../../db/webhook-events';
import { findDueEvents, noteProcessed, noteUnprocessed, takeEvent } from '../../db/webhook-events';
import type { Tx } from '../../db/tenancy';
import { withBusiness, withoutBusiness } from '../../db/tenancy';
import { findBusinessOfMessage, findBusinessOfNumber } from '../../db/inbound';
import type { EmailEvent } from '../../providers/sendgrid/port';
import type { SmsEvent } from '../../providers/twilio/port';
import type { Instant } from '../../domain/time';
import type { WebhookDeps } from './deps';
import { SEALED_AS } from './deps';
import { receiveText } from './inbound';
import { applyEmailOptOut, applyReport } from './reports';

/** What an event does to one business. `null`: nothing of ours (an open, a state without meaning). */
type Effect = Action | 'unmatched' | null;
type Action = { businessId: string; apply: (tx: Tx, now: Instant) => Promise<void> };

/**
 * Transaction 2: handles a stored event under its business; the effect and "processed" commit together. Safe to run twice because the event's row is taken
 * for the transaction and only while it is not processed. Never throws: what fails stays stored, with a code, and is tried again.
 */
export async function handleStored(deps: WebhookDeps, event: StoredEvent): Promise<void> {
  try {
    const effect = await effectOf(deps, event);
    if (effect === 'unmatched') await noteUnprocessed(deps.db.pool, { id: event.id, status: 'unmatched', code: 'unknown_subject' });
    else if (effect === null) await withoutBusiness(deps.db, (tx) => noteProcessed(tx, event.id));
    else await apply(deps, event, effect);
  } catch (error) {
    const code = error instanceof Error ? error.name : 'unknown';
    deps.log.warn({ webhookEventId: event.id, provider: event.provider, code }, 'a webhook waits to be handled again');
    // The database itself may be what failed; the row keeps its turn then.
    await noteUnprocessed(deps.db.pool, { id: event.id, status: 'received', code }).catch(() => undefined);
  }
}

async function apply({ db, clock }: WebhookDeps, { id }: StoredEvent, effect: Action): Promise<void> {
  const now = await clock.now(effect.businessId);
  await withBusiness(db, effect.businessId, async (tx) => {
    if (!(await takeEvent(tx, id))) return;
    await effect.apply(tx, now);
    await noteProcessed(tx, id);
  });
}

/** Handles what was stored and not handled: the process that took it died, its row came too early, the database was away. Answers how many it tried. */
export async function sweepWebhooks(deps: WebhookDeps, limit = 200): Promise<number> {
  const due = await findDueEvents(deps.sweeper, limit);
  for (const event of due) await handleStored(deps, event);
  return due.length;
}

async function effectOf(deps: WebhookDeps, event: StoredEvent): Promise<Effect> {
  const payload = deps.encryption.open({ keyId: event.keyId, bytes: event.payload }, SEALED_AS);
  if (event.provider === 'twilio') return smsEffect(deps, deps.vendors.parseTwilio(JSON.parse(payload) as { url: string; body: string }));
  const [parsed] = deps.vendors.parseSendGrid(payload) ?? [];
  return parsed ? emailEffect(deps, parsed.event) : null;
}

async function smsEffect(deps: WebhookDeps, event: SmsEvent): Promise<Effect> {
  if (event.kind === 'ignored') return null;
  if (event.kind === 'inbound') {
    const businessId = await withoutBusiness(deps.db, (tx) => findBusinessOfNumber(tx, event.to));
    return businessId === null
      ? 'unmatched'
      : {
          businessId,
          apply: (tx, now) => receiveText(tx, deps, { businessId, event: { ...event, channel: 'sms', vendor: 'twilio' }, now }),
        };
  }
  return ofMessage(deps, { ...event, vendor: 'twilio' }, (tx, messageId, { businessId, now }) =>
    applyReport(tx, deps, { ...event, vendor: 'twilio', businessId, messageId, now }),
  );
}

async function emailEffect(deps: WebhookDeps, event: EmailEvent): Promise<Effect> {
  if (event.kind === 'ignored') return null;
  if (event.kind === 'opt_out')
    return ofMessage(deps, { ...event, vendor: 'sendgrid' }, (tx, _, { businessId, now }) =>
      applyEmailOptOut(tx, deps, { businessId, email: event.email, source: event.source, now }),
    );
  return ofMessage(deps, { ...event, vendor: 'sendgrid' }, (tx, messageId, { businessId, now }) =>
    applyReport(tx, deps, { ...event, vendor: 'sendgrid', businessId, messageId, now }),
  );
}

type About = { vendor: string; messageId: string | null; vendorId: string };
type Apply = (tx: Tx, messageId: string, context: { businessId: string; now: Instant }) => Promise<void>;

/** Our row commits before the vendor is called, so a callback finds it; one that does not is tried again for a day. */
async function ofMessage(deps: WebhookDeps, { vendor, messageId, vendorId }: About, apply: Apply): Promise<Effect> {
  const known = messageId !== null && /^[0-9a-f-]{36}$/i.test(messageId) ? messageId : null;
  const found = await withoutBusiness(deps.db, (tx) => findBusinessOfMessage(tx, { messageId: known, vendor, vendorId }));
  if (!found) return 'unmatched';
  return { businessId: found.businessId, apply: (tx, now) => apply(tx, found.messageId, { businessId: found.businessId, now }) };
}
