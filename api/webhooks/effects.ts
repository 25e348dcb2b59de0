import type { StoredEvent } from '../../db/webhook-events';
import type { Tx } from '../../db/tenancy';
import { withoutBusiness } from '../../db/tenancy';
import { findBusinessOfSender } from '../../db/channel-settings';
import { findBusinessOfMessage, findBusinessOfNumber } from '../../db/inbound';
import type { EmailEvent } from '../../providers/sendgrid/port';
import type { TextEvent } from '../../providers/whatsapp/port';
import type { Instant } from '../../domain/time';
import type { Effect, WebhookDeps } from './deps';
import { SEALED_AS } from './deps';
import { inboundEmailEffect } from './inbound-email';
import { textEffect } from './judging';
import { applyEmailOptOut, applyReport } from './reports';

/** Reads a stored event and finds whose it is. Changes nothing. */
export async function effectOf(deps: WebhookDeps, event: StoredEvent): Promise<Effect> {
  const payload = deps.encryption.open({ keyId: event.keyId, bytes: event.payload }, SEALED_AS);
  if (event.provider === 'twilio')
    return vendorEffect(deps, deps.vendors.parseTwilio(JSON.parse(payload) as { url: string; body: string }), event.id);
  if (event.provider === 'meta') {
    const [told] = deps.vendors.parseMeta(payload) ?? [];
    return told ? vendorEffect(deps, told.event, event.id) : null;
  }
  if (event.provider === 'sendgrid_inbound') {
    const email = deps.vendors.readInboundEmail(payload);
    return email ? inboundEmailEffect(deps, email, event.id) : null;
  }
  const [parsed] = deps.vendors.parseSendGrid(payload) ?? [];
  return parsed ? emailEffect(deps, parsed.event) : null;
}

/** A text or a WhatsApp message, or how one of ours fares. */
async function vendorEffect(deps: WebhookDeps, event: TextEvent, storedId: string): Promise<Effect> {
  if (event.kind === 'ignored') return null;
  if (event.kind === 'inbound') {
    const { channel, vendor, to } = event;
    const businessId = await withoutBusiness(deps.db, (tx) =>
      channel === 'sms' ? findBusinessOfNumber(tx, to) : findBusinessOfSender(tx, { vendor, sender: to }),
    );
    return businessId === null ? 'unmatched' : textEffect(deps, { businessId, event, storedId });
  }
  return ofMessage(deps, event, (tx, messageId, { businessId, now }) => applyReport(tx, deps, { ...event, businessId, messageId, now }));
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
