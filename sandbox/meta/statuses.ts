import { join } from 'node:path';
import type { AcceptedLog, LogRecord } from '../accepted-log';
import type { Range } from '../background';
import { somewhereIn } from '../background';
import type { Fault, WebhookMode } from '../faults';
import { LATE_MS } from '../faults';
import { Journal } from '../journal';
import type { Webhooks } from '../webhooks';
import type { Told } from './wire';
import { delivery, epochS, signed, userIdOf } from './wire';

export type MetaDelays = {
  /** From acceptance to `sent`, and from there to `delivered`. */
  sentMs: Range;
  deliveredMs: Range;
  /** What becomes known within so long is told in one delivery. */
  batchMs: number;
  /** Before each repetition of a delivery that was not answered with 2xx. */
  retryMs: readonly number[];
};

export type StatusDeps = { apiUrl: string; appSecret: string; webhooks: Webhooks; delays: MetaDelays };

/** What the statuses need to know of a message; kept in the accepted log. `failsWith`: its end, told by a status. */
export type MetaDetail = { callbackData: string | null; failsWith: number | null };

type WebhookFault = (Fault & { mode: WebhookMode }) | null;
type Telling = { done: string; told: Told };

/** The statuses of accepted messages. `meta.jsonl` says which have been taken from us, so that a restart tells the rest. */
export class MetaStatuses {
  readonly #batch: Telling[] = [];

  private constructor(
    private readonly deps: StatusDeps,
    private readonly journal: Journal,
    private readonly told: ReadonlySet<string>,
  ) {}

  static async open(dir: string, log: AcceptedLog, deps: StatusDeps): Promise<MetaStatuses> {
    const { journal, lines } = await Journal.open(join(dir, 'meta.jsonl'), { synced: false });
    const statuses = new MetaStatuses(deps, journal, new Set(lines as string[]));
    const ours = log.records('meta').filter(({ entry }) => entry.kind === 'whatsapp');
    for (const record of ours) deps.webhooks.background.run(statuses.run(record, null));
    return statuses;
  }

  /** Takes a message to its end and tells of each step. */
  async run(record: LogRecord, fault: WebhookFault): Promise<void> {
    const { background } = this.deps.webhooks;
    const late = fault?.mode === 'late' ? (fault.delay_ms ?? LATE_MS) : 0;
    const held: Telling[] = [];
    for (const { status, errors, afterMs } of this.#steps(record)) {
      const done = `${record.entry.vendor_id} ${status}`;
      if (this.told.has(done)) continue;
      if (!(await background.wait(afterMs))) return;
      const telling = { done, told: toldOf(record, { status, errors }) };
      if (fault?.mode === 'reorder') held.unshift(telling);
      else background.run(background.wait(late).then((due) => (due ? this.#tell(telling, fault) : undefined)));
    }
    for (const telling of held) await this.#post([telling], fault);
  }

  close(): Promise<void> {
    return this.journal.close();
  }

  #steps({ detail }: LogRecord): { status: string; errors: object[]; afterMs: number }[] {
    const { sentMs, deliveredMs } = this.deps.delays;
    const { failsWith } = detail as MetaDetail;
    if (failsWith !== null) return [{ status: 'failed', errors: [errorOf(failsWith)], afterMs: somewhereIn(sentMs) }];
    return [
      { status: 'sent', errors: [], afterMs: somewhereIn(sentMs) },
      { status: 'delivered', errors: [], afterMs: somewhereIn(deliveredMs) },
    ];
  }

  /** Waits a moment for what else becomes known, and tells all of it at once. What a fault befalls is told alone. */
  async #tell(telling: Telling, fault: WebhookFault): Promise<void> {
    if (fault) return this.#post([telling], fault);
    this.#batch.push(telling);
    if (this.#batch.length > 1 || !(await this.deps.webhooks.background.wait(this.deps.delays.batchMs))) return;
    await this.#post(this.#batch.splice(0), null);
  }

  /** Repeated until it is answered with 2xx, or the patience is at an end. */
  async #post(tellings: Telling[], fault: WebhookFault): Promise<void> {
    const { apiUrl, appSecret, webhooks, delays } = this.deps;
    const body = delivery(tellings.map(({ told }) => told));
    const forged = fault?.mode === 'bad_signature';
    const headers = signed(forged ? `not ${appSecret}` : appSecret, body);
    const hook = { vendor: 'meta' as const, url: `${apiUrl}/api/v1/webhooks/whatsapp/meta`, headers, body };
    if (fault?.mode === 'duplicate') await webhooks.post(hook);
    for (const retryMs of [...delays.retryMs, null]) {
      const { status } = await webhooks.post(hook);
      if (status !== null && status < 300) {
        for (const { done } of tellings) await this.journal.append(done);
        return;
      }
      if (forged || retryMs === null || !(await webhooks.background.wait(retryMs))) return;
    }
  }
}

const errorOf = (code: number): object => ({
  ...{ code, title: `Error ${String(code)}`, message: `Error ${String(code)}` },
  ...{ error_data: { details: `Error ${String(code)}` }, href: '/documentation/business-messaging/whatsapp/support/error-codes' },
});

/** Told once, with the first status. */
const PRICING = { billable: true, pricing_model: 'PMP', type: 'regular', category: 'utility' };

function toldOf({ entry, detail }: LogRecord, { status, errors }: { status: string; errors: object[] }): Told {
  const { callbackData } = detail as MetaDetail;
  const phone = entry.to.startsWith('+') ? entry.to.slice(1) : undefined;
  return {
    phoneNumberId: entry.from,
    contact: status === 'failed' ? null : { user_id: userIdOf(entry.to), ...(phone !== undefined && { wa_id: phone }) },
    status: {
      id: entry.vendor_id,
      status,
      timestamp: epochS(),
      ...(phone !== undefined && { recipient_id: phone }),
      recipient_user_id: userIdOf(entry.to),
      ...(callbackData !== null && { biz_opaque_callback_data: callbackData }),
      ...(status === 'sent' && { pricing: PRICING }),
      ...(errors.length > 0 && { errors }),
    },
  };
}
