import { createPrivateKey, randomBytes, sign } from 'node:crypto';
import { readConfig } from '../../config';
import { savePlanned } from '../../db/messages';
import { markSending, noteAccepted } from '../../db/sending';
import type { Db } from '../../db/tenancy';
import { withBusiness } from '../../db/tenancy';
import type { Channel } from '../../domain/message';
import { plusMs, type Instant } from '../../domain/time';
import { signTwilio } from '../../providers/twilio/signature';
import { DEV_SENDGRID_PRIVATE_KEY } from '../../sandbox/dev-keys';
import { v7 as newId } from 'uuid';
import type { Salon } from './salon';

export type Answered = { status: number; text: string };
export type Delivery = {
  forged?: boolean;
  /** The vendor's secret, if not the development one. */
  authToken?: string;
  /** The scheme and host that it signs for, if not those that it calls. */
  signedFor?: string;
};

export const newSid = (): string => `SM${randomBytes(16).toString('hex')}`;

/** Posts a form as Twilio does, signed with the development token. */
export async function postTwilio(url: string, form: Record<string, string>, delivery: Delivery = {}): Promise<Answered> {
  const { forged = false, authToken = readConfig({}).TWILIO_AUTH_TOKEN, signedFor } = delivery;
  const token = forged ? 'somebody-else' : authToken;
  const body = new URLSearchParams(form);
  const { origin } = new URL(url);
  return post(url, body.toString(), {
    'Content-Type': 'application/x-www-form-urlencoded; charset=UTF-8',
    'X-Twilio-Signature': signTwilio(token, url.replace(origin, signedFor ?? origin), body),
  });
}

/** Posts events as SendGrid does, signed with the development key. A string is sent as it is. */
export async function postSendGrid(url: string, events: unknown, { forged = false }: Delivery = {}): Promise<Answered> {
  const body = typeof events === 'string' ? events : JSON.stringify(events);
  const timestamp = String(Math.floor(Date.now() / 1000));
  const key = createPrivateKey({ key: Buffer.from(DEV_SENDGRID_PRIVATE_KEY, 'base64'), format: 'der', type: 'pkcs8' });
  const signature = sign('sha256', Buffer.from(timestamp + (forged ? `${body} ` : body)), key).toString('base64');
  return post(`${url}/webhooks/sendgrid`, body, {
    'Content-Type': 'application/json;charset=utf-8',
    'X-Twilio-Email-Event-Webhook-Signature': signature,
    'X-Twilio-Email-Event-Webhook-Timestamp': timestamp,
  });
}

async function post(url: string, body: string, headers: Record<string, string>): Promise<Answered> {
  const response = await fetch(url, { method: 'POST', headers, body });
  return { status: response.status, text: await response.text() };
}

type Sent = { id: string; vendorId: string };

/** A message to the salon's contact that the vendor took. */
export async function aSentMessage(db: Db, salon: Salon, { channel = 'sms', now }: { channel?: Channel; now: Instant }): Promise<Sent> {
  const [id, vendorId] = [newId(), channel === 'sms' ? newSid() : randomBytes(11).toString('base64url')];
  const row = {
    ...{ id, sendKey: id, appointmentId: null, contactId: salon.contactId, staffId: null },
    ...{ rule: 'handoff' as const, messageClass: 'reply' as const, channel, scheduleVersion: null },
    ...{ status: 'planned' as const, reason: null, dueAt: now, sendAt: now, notAfter: plusMs(now, 3_600_000) },
  };
  const text = {
    subject: null,
    body: 'Somebody will answer you.',
    html: null,
    locale: 'en',
    templateId: 'handoff',
    asksConfirmation: false,
    segments: 1,
    decision: null,
  };
  const vendor = channel === 'sms' ? 'twilio' : 'sendgrid';
  const toAddress = channel === 'sms' ? salon.contactPhone : salon.contactEmail;
  await withBusiness(db, salon.id, async (tx) => {
    await savePlanned(tx, [row], now);
    const attempt = await markSending(tx, { id, toAddress, fromAddress: salon.number, ...text, vendor, markedAt: now, now });
    await noteAccepted(tx, { id, attempt, vendorId, now });
  });
  return { id, vendorId };
}
