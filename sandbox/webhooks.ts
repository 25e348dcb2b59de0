import type { VendorName } from './accepted-log';
import type { Background } from './background';

export type Webhook = { vendor: VendorName; url: string; headers: Record<string, string>; body: string | Buffer };

/** `status` null: nobody answered. */
export type WebhookAnswer = { status: number | null };

export type WebhookTry = { at: string; vendor: VendorName; url: string; body: string; status: number | null };

const ANSWER_MS = 15_000;
const KEPT = 500;

/** Calls Usher back as a vendor does, and remembers the last few calls with our answers. */
export class Webhooks {
  readonly #closing = new AbortController();
  readonly #tries: WebhookTry[] = [];

  constructor(readonly background: Background) {}

  /** One try. Never throws: a vendor does not mind. */
  async post({ vendor, url, headers, body }: Webhook): Promise<WebhookAnswer> {
    const signal = AbortSignal.any([this.#closing.signal, AbortSignal.timeout(ANSWER_MS)]);
    const status = await fetch(url, {
      method: 'POST',
      headers,
      body: typeof body === 'string' ? body : new Uint8Array(body),
      signal,
      redirect: 'manual',
    }).then(
      async (answer) => {
        await answer.arrayBuffer();
        return answer.status;
      },
      () => null,
    );
    this.#tries.push({ at: new Date().toISOString(), vendor, url, body: body.toString('utf8'), status });
    if (this.#tries.length > KEPT) this.#tries.shift();
    return { status };
  }

  tries(): readonly WebhookTry[] {
    return this.#tries;
  }

  close(): void {
    this.#closing.abort();
  }
}
