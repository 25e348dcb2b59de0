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

export type InboundMail = {
  from: string;
  to: string;
  subject: string;
  text: string | Buffer;
  html: string;
  charset: string;
  messageId: string;
  headers: string;
  vouched: boolean;
  photo: boolean;
  padBytes: number;
  forged: boolean;
  unsigned: boolean;
};

/** Posts a mail as SendGrid's Inbound Parse does, signed with the development key. */
export async function postInboundEmail(url: string, mail: Partial<InboundMail> & Pick<InboundMail, 'from' | 'to'>): Promise<Answered> {
  const boundary = `xYzZY${randomBytes(8).toString('hex')}`;
  const body = Buffer.concat([
    ...partsOf(mail).map((part) => Buffer.concat([Buffer.from(`--${boundary}\r\n`), part])),
    Buffer.from(`--${boundary}--\r\n`),
  ]);
  const timestamp = String(Math.floor(Date.now() / 1000));
  const key = createPrivateKey({ key: Buffer.from(DEV_SENDGRID_PRIVATE_KEY, 'base64'), format: 'der', type: 'pkcs8' });
  const signature = sign('sha256', Buffer.concat([Buffer.from(timestamp + (mail.forged ? ' ' : '')), body]), key).toString('base64');
  const signed = { 'X-Twilio-Email-Event-Webhook-Signature': signature, 'X-Twilio-Email-Event-Webhook-Timestamp': timestamp };
  return post(`${url}/webhooks/sendgrid/inbound`, body, {
    'Content-Type': `multipart/form-data; boundary=${boundary}`,
    ...(mail.unsigned ? {} : signed),
  });
}

function partsOf({
  from,
  to,
  subject = 'Re: your visit',
  text = '',
  html = '',
  ...mail
}: Partial<InboundMail> & Pick<InboundMail, 'from' | 'to'>): Buffer[] {
  const { charset = 'utf-8', headers = '', messageId = `<${randomBytes(8).toString('hex')}@mail.example>`, vouched = true } = mail;
  const domain = from.replace(/^.*@|>.*$/g, '');
  const fields: Record<string, string | Buffer> = {
    headers: `Message-ID: ${messageId}\nSubject: ${subject}\n${headers}`,
    dkim: vouched ? `{@${domain} : pass}` : 'none',
    ...{ from, to, subject, text, html, SPF: 'none', attachments: mail.photo ? '1' : '0' },
    envelope: JSON.stringify({ to: [to], from: 'bounces@mail.example' }),
    charsets: JSON.stringify({ to: 'UTF-8', from: 'UTF-8', subject: 'UTF-8', text: charset, html: 'utf-8' }),
  };
  const parts = Object.entries(fields).map(([name, value]) =>
    Buffer.concat([
      Buffer.from(`Content-Disposition: form-data; name="${name}"\r\n\r\n`),
      Buffer.from(value as string),
      Buffer.from('\r\n'),
    ]),
  );
  const file = (bytes: number): Buffer =>
    Buffer.concat([
      Buffer.from('Content-Disposition: form-data; name="attachment1"; filename="señal.jpg"\r\nContent-Type: image/jpeg\r\n\r\n'),
      Buffer.alloc(bytes, 0xff),
      Buffer.from('\r\n'),
    ]);
  return [...parts, ...(mail.photo ? [file(100)] : []), ...(mail.padBytes ? [file(mail.padBytes)] : [])];
}

async function post(url: string, body: string | Buffer, headers: Record<string, string>): Promise<Answered> {
  const response = await fetch(url, { method: 'POST', headers, body: typeof body === 'string' ? body : new Uint8Array(body) });
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
    fromName: null,
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
