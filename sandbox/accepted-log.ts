import { join } from 'node:path';
import { Journal } from './journal';

export const VENDORS = ['twilio', 'meta', 'sendgrid'] as const;
export type VendorName = (typeof VENDORS)[number];

/** `sms`, `whatsapp` and `email`: requests of ours that took effect. `auto_reply`: what the vendor answered by itself. `inbound`: what a person wrote to us. */
export type LogKind = 'sms' | 'whatsapp' | 'email' | 'auto_reply' | 'inbound';

export type LogEntry = {
  seq: number;
  at: string;
  vendor: VendorName;
  kind: LogKind;
  /** On which an inbound message or an automatic answer travelled; of the others the kind says it. */
  channel?: 'whatsapp';
  to: string;
  from: string;
  body: string;
  subject?: string;
  html?: string;
  /** Of an e-mail: where an answer goes, and what its List-Unsubscribe header says. */
  reply_to?: string;
  list_unsubscribe?: string;
  business_id?: string;
  /** Our message's id, as the request carried it. */
  our_id: string | null;
  vendor_id: string;
};

/** An entry with what only its vendor's stand-in needs to go on after a restart. */
export type LogRecord = { entry: LogEntry; detail: unknown };

export type LogFilter = { vendor?: string | undefined; to?: string | undefined; since?: number | undefined; kind?: string | undefined };

/** What the stand-ins accepted, once each, in order, on disk (`accepted.jsonl`), never edited. `seq` goes on after a restart. */
export class AcceptedLog {
  readonly #listeners = new Set<(entry: LogEntry) => void>();
  #seq: number;

  private constructor(
    private readonly journal: Journal,
    private readonly kept: LogRecord[],
  ) {
    this.#seq = kept.at(-1)?.entry.seq ?? 0;
  }

  static async open(dir: string): Promise<AcceptedLog> {
    const { journal, lines } = await Journal.open(join(dir, 'accepted.jsonl'), { synced: true });
    return new AcceptedLog(journal, lines as LogRecord[]);
  }

  /** Resolves when the entry is on disk: only then may the vendor's answer go out, and only then do readers see it. */
  async append(accepted: Omit<LogEntry, 'seq' | 'at'>, detail: unknown = null): Promise<LogRecord> {
    const entry: LogEntry = { seq: ++this.#seq, at: new Date().toISOString(), ...accepted };
    const record = { entry, detail };
    await this.journal.append(record);
    this.kept.push(record);
    for (const listener of this.#listeners) listener(entry);
    return record;
  }

  /** Inbound messages were accepted from nobody: they are left out unless asked for (`kind: 'inbound'`, or `'all'`). */
  entries({ vendor, to, since = 0, kind }: LogFilter = {}): LogEntry[] {
    const wanted = (entry: LogEntry) => kind === 'all' || (kind === undefined ? entry.kind !== 'inbound' : entry.kind === kind);
    return this.kept
      .map(({ entry }) => entry)
      .filter(
        (entry) =>
          entry.seq > since && wanted(entry) && (vendor === undefined || entry.vendor === vendor) && (to === undefined || entry.to === to),
      );
  }

  records(vendor: VendorName): LogRecord[] {
    return this.kept.filter(({ entry }) => entry.vendor === vendor);
  }

  /** Calls the listener for every new entry; the returned function ends it. */
  listen(listener: (entry: LogEntry) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  close(): Promise<void> {
    return this.journal.close();
  }
}
