import { createPrivateKey, randomBytes, sign } from 'node:crypto';
import { join } from 'node:path';
import type { AcceptedLog, LogEntry, LogRecord } from '../accepted-log';
import type { Fault, WebhookMode } from '../faults';
import { LATE_MS } from '../faults';
import { Journal } from '../journal';
import type { Range } from '../background';
import { somewhereIn } from '../background';
import type { Webhooks } from '../webhooks';

export type SendGridDelays = {
  /** From acceptance to `processed`, and from there to `delivered`. */
  processedMs: Range;
  deliveredMs: Range;
  /** Before each repetition of a delivery that was not answered with 2xx. */
  retryMs: readonly number[];
};

export type EventDeps = { apiUrl: string; signingKey: string; webhooks: Webhooks; delays: SendGridDelays };

/** How a mail ends: what the receiving server, or SendGrid's own lists, say to it. */
export type Ending = 'delivered' | 'bounce' | 'blocked' | 'dropped';

export const ENDINGS: readonly string[] = ['bounce', 'blocked', 'dropped'];

/** What the events need to know of a mail; kept in the accepted log. `suffix`: what SendGrid's machines add to its id. */
export type MailDetail = { customArgs: Record<string, string>; suffix: string; ending: Ending };

type WebhookFault = (Fault & { mode: WebhookMode }) | null;
type Step = { event: string; extra: Record<string, unknown>; afterMs: number };
type Telling = { done: string; body: Record<string, unknown> };

/** The events of accepted mails. `sendgrid.jsonl` says which have been taken from us, so that a restart tells the rest. */
export class MailEvents {
  private constructor(
    private readonly deps: EventDeps,
    private readonly journal: Journal,
    private readonly told: ReadonlySet<string>,
  ) {}

  static async open(dir: string, log: AcceptedLog, deps: EventDeps): Promise<MailEvents> {
    const { journal, lines } = await Journal.open(join(dir, 'sendgrid.jsonl'), { synced: false });
    const events = new MailEvents(deps, journal, new Set(lines as string[]));
    const ours = log.records('sendgrid').filter(({ entry }) => entry.kind === 'email');
    for (const record of ours) deps.webhooks.background.run(events.run(record, null));
    return events;
  }

  /** Takes a mail to its end and tells of each step. */
  async run({ entry, detail }: LogRecord, fault: WebhookFault): Promise<void> {
    const { delays } = this.deps;
    const { background } = this.deps.webhooks;
    const mail = detail as MailDetail;
    const late = fault?.mode === 'late' ? (fault.delay_ms ?? LATE_MS) : 0;
    const held: Telling[] = [];
    for (const { event, extra, afterMs } of steps(mail.ending, delays)) {
      const done = `${entry.seq} ${event}`;
      if (this.told.has(done)) continue;
      if (!(await background.wait(afterMs))) return;
      const telling = { done, body: { ...describe(entry, mail), event, ...extra } };
      if (fault?.mode === 'reorder') held.unshift(telling);
      else background.run(background.wait(late).then((due) => (due ? this.#tell(telling, fault) : undefined)));
    }
    for (const telling of held) await this.#tell(telling, fault);
  }

  close(): Promise<void> {
    return this.journal.close();
  }

  /** Repeated until it is answered with 2xx, or the patience is at an end. */
  async #tell({ done, body: event }: Telling, fault: WebhookFault): Promise<void> {
    const { webhooks, delays } = this.deps;
    const forged = fault?.mode === 'bad_signature';
    // SendGrid's own duplicates come inside one delivery and as one of their own.
    const body = JSON.stringify(fault?.mode === 'duplicate' ? [event, event] : [event]);
    if (fault?.mode === 'duplicate') await this.#post(body, false);
    for (const retryMs of [...delays.retryMs, null]) {
      const status = await this.#post(body, forged);
      if (status !== null && status < 300) return this.journal.append(done);
      if (forged || retryMs === null || !(await webhooks.background.wait(retryMs))) return;
    }
  }

  async #post(body: string, forged: boolean): Promise<number | null> {
    const { apiUrl, signingKey, webhooks } = this.deps;
    const timestamp = String(Math.floor(Date.now() / 1_000));
    const key = createPrivateKey({ key: Buffer.from(signingKey, 'base64'), format: 'der', type: 'pkcs8' });
    const signature = sign('sha256', Buffer.from(timestamp + (forged ? `${body} ` : body), 'utf8'), key).toString('base64');
    const headers = {
      'content-type': 'application/json;charset=utf-8',
      'user-agent': 'SendGrid Event API',
      'x-twilio-email-event-webhook-signature': signature,
      'x-twilio-email-event-webhook-timestamp': timestamp,
    };
    return (await webhooks.post({ vendor: 'sendgrid', url: `${apiUrl}/webhooks/sendgrid`, headers, body })).status;
  }
}

const describe = ({ to, vendor_id: id }: LogEntry, { customArgs, suffix }: MailDetail): Record<string, unknown> => ({
  ...customArgs,
  email: to,
  timestamp: Math.floor(Date.now() / 1_000),
  'smtp-id': `<${id}@geopod-ismtpd-1>`,
  sg_event_id: randomBytes(16).toString('base64url'),
  sg_message_id: `${id}.${suffix}`,
});

const BOUNCE = {
  status: '5.1.1',
  reason: '550 5.1.1 The email account that you tried to reach does not exist.',
  type: 'bounce',
  bounce_classification: 'Invalid Address',
  tls: 1,
};
const BLOCK = {
  status: '4.2.2',
  reason: '452 4.2.2 The email account is over quota',
  type: 'blocked',
  bounce_classification: 'Mailbox Unavailable',
  tls: 1,
};

function steps(ending: Ending, { processedMs, deliveredMs }: SendGridDelays): Step[] {
  const processed: Step = { event: 'processed', extra: {}, afterMs: somewhereIn(processedMs) };
  const afterMs = somewhereIn(deliveredMs);
  switch (ending) {
    case 'delivered':
      return [processed, { event: 'delivered', extra: { response: '250 2.0.0 OK', tls: 1 }, afterMs }];
    case 'bounce':
      return [processed, { event: 'bounce', extra: BOUNCE, afterMs }];
    case 'blocked':
      return [processed, { event: 'bounce', extra: BLOCK, afterMs }];
    case 'dropped':
      return [{ event: 'dropped', extra: { reason: 'Bounced Address', status: '5.0.0' }, afterMs }];
  }
}
