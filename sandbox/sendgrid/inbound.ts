import { createPrivateKey, randomBytes, sign } from 'node:crypto';
import type { AcceptedLog } from '../accepted-log';
import type { Faults } from '../faults';
import { LATE_MS } from '../faults';
import type { Webhooks } from '../webhooks';

export type InboundMailDeps = { apiUrl: string; signingKey: string; webhooks: Webhooks; faults: Faults; log: AcceptedLog };

export type InboundMail = { from: string; to: string; subject: string; body: string };

/** `status`: what our webhook answered, null for nothing. */
export type Posted = { vendor_id: string; status: number | null; late: boolean };

/**
 * A person's mail arrives at SendGrid, which posts it to our Inbound Parse webhook, signed as with a security policy.
 * Resolves when our webhook has answered, or at once when a fault makes it late.
 */
export async function receiveMail({ faults, webhooks, log, ...deps }: InboundMailDeps, mail: InboundMail): Promise<Posted> {
  const id = `<${randomBytes(12).toString('hex')}@mail.example>`;
  const { body, contentType } = formOf(mail, id);
  const { from, to, subject, body: text } = mail;
  await log.append({ vendor: 'sendgrid', kind: 'inbound', from, to, subject, body: text, our_id: null, vendor_id: id });
  const fault = faults.forWebhooks('sendgrid', [mail.from, mail.to, mail.subject, mail.body], ['duplicate', 'late', 'bad_signature']);
  const post = () => webhooks.post(signed(deps, { body, contentType, forged: fault?.mode === 'bad_signature' }));
  if (fault?.mode === 'late') {
    const { background } = webhooks;
    background.run(background.wait(fault.delay_ms ?? LATE_MS).then((due) => (due ? post() : undefined)));
    return { vendor_id: id, status: null, late: true };
  }
  const { status } = await post();
  if (fault?.mode === 'duplicate') await post();
  return { vendor_id: id, status, late: false };
}

/** The fields of the parsed variant; https://www.twilio.com/docs/sendgrid/for-developers/parsing-email/setting-up-the-inbound-parse-webhook, 2026-11. */
function formOf({ from, to, subject, body }: InboundMail, messageId: string): { body: Buffer; contentType: string } {
  const domain = from.split('@').at(-1) ?? '';
  const fields = {
    headers: `Message-ID: ${messageId}\nFrom: ${from}\nTo: ${to}\nSubject: ${subject}\n`,
    dkim: `{@${domain} : pass}`,
    to,
    from,
    subject,
    text: body,
    sender_ip: '127.0.0.1',
    envelope: JSON.stringify({ to: [to], from }),
    attachments: '0',
    charsets: JSON.stringify({ to: 'UTF-8', from: 'UTF-8', subject: 'UTF-8', text: 'utf-8' }),
    SPF: 'pass',
  };
  const boundary = `xYzZY${randomBytes(12).toString('hex')}`;
  const parts = Object.entries(fields).map(
    ([name, value]) => `--${boundary}\r\nContent-Disposition: form-data; name="${name}"\r\n\r\n${value}\r\n`,
  );
  return { body: Buffer.from(`${parts.join('')}--${boundary}--\r\n`, 'utf8'), contentType: `multipart/form-data; boundary=${boundary}` };
}

type Form = { body: Buffer; contentType: string; forged: boolean };

function signed({ apiUrl, signingKey }: Pick<InboundMailDeps, 'apiUrl' | 'signingKey'>, { body, contentType, forged }: Form) {
  const timestamp = String(Math.floor(Date.now() / 1_000));
  const key = createPrivateKey({ key: Buffer.from(signingKey, 'base64'), format: 'der', type: 'pkcs8' });
  const signature = sign('sha256', Buffer.concat([Buffer.from(timestamp + (forged ? ' ' : '')), body]), key).toString('base64');
  const headers = {
    'content-type': contentType,
    'user-agent': 'SendGrid-Inbound-Parse',
    'x-twilio-email-event-webhook-signature': signature,
    'x-twilio-email-event-webhook-timestamp': timestamp,
  };
  return { vendor: 'sendgrid' as const, url: `${apiUrl}/webhooks/sendgrid/inbound`, headers, body };
}
