import type Router from '@koa/router';
import { z } from 'zod';
import type { VendorName } from './accepted-log';
import { VENDORS } from './accepted-log';
import { readJson } from './http';

/** What may befall a request of ours, and what may befall the vendor's webhooks about it. */
const REQUEST_MODES = ['refuse', 'commit_then_drop', 'drop_before_commit', 'rate_limit', 'error', 'slow'] as const;
const WEBHOOK_MODES = ['duplicate', 'late', 'reorder', 'bad_signature'] as const;

export type RequestMode = (typeof REQUEST_MODES)[number];
export type WebhookMode = (typeof WEBHOOK_MODES)[number];

const Fault = z.strictObject({
  mode: z.enum([...REQUEST_MODES, ...WEBHOOK_MODES]),
  /** How many messages it befalls; without it, all until it is cleared. */
  times: z.int().positive().optional(),
  /** Only messages with this in an address or the text. */
  match: z.string().min(1).optional(),
  /** `refuse`: the vendor's code. One that comes from the carrier is accepted first and refused by webhook, as in life. */
  code: z.coerce.string().optional(),
  /** `slow`, `late`: 30 s without it. `rate_limit`: what Retry-After says, 1 s without it. */
  delay_ms: z.int().nonnegative().optional(),
});

export type Fault = z.infer<typeof Fault>;

/** What can be made to fail: the vendors that carry messages, the do-not-call list, and the model. */
export type Faulty = VendorName | 'dnc' | 'openai';

export const LATE_MS = 30_000;

/** The switches of all vendors, held in memory: a restarted sandbox is well again. */
export class Faults {
  readonly #set: Record<Faulty, Fault[]> = { twilio: [], meta: [], sendgrid: [], dnc: [], openai: [] };

  /** One of a mode and match; a second one replaces it. Of several that fit the oldest befalls first. */
  put(vendor: Faulty, fault: Fault): void {
    this.#set[vendor] = [...this.#set[vendor].filter(({ mode, match }) => mode !== fault.mode || match !== fault.match), { ...fault }];
  }

  clear(vendor: Faulty): void {
    this.#set[vendor] = [];
  }

  list(vendor: Faulty): Fault[] {
    return this.#set[vendor];
  }

  /** What befalls this request, null if nothing; uses up one of its times. */
  forRequest(vendor: Faulty, about: readonly string[]): (Fault & { mode: RequestMode }) | null {
    return this.#take(vendor, about, REQUEST_MODES);
  }

  /** What befalls the webhooks about this message; uses up one of its times. */
  forWebhooks(
    vendor: Faulty,
    about: readonly string[],
    modes: readonly WebhookMode[] = WEBHOOK_MODES,
  ): (Fault & { mode: WebhookMode }) | null {
    return this.#take(vendor, about, modes);
  }

  #take<Mode extends Fault['mode']>(vendor: Faulty, about: readonly string[], modes: readonly Mode[]): (Fault & { mode: Mode }) | null {
    const fits = (fault: Fault): fault is Fault & { mode: Mode } =>
      modes.some((mode) => mode === fault.mode) && about.some((text) => text.includes(fault.match ?? ''));
    const fault = this.#set[vendor].find(fits);
    if (!fault) return null;
    if (fault.times !== undefined && --fault.times === 0) this.#set[vendor] = this.#set[vendor].filter((other) => other !== fault);
    return fault;
  }
}

/** PUT, DELETE and GET /sandbox/faults/:vendor. */
export function faultRoutes(router: Router, faults: Faults): void {
  router.put('/sandbox/faults/:vendor', async (ctx) => {
    const vendor = vendorOf(ctx.params.vendor);
    if (!vendor) return ctx.throw(404);
    const fault = Fault.safeParse(await readJson(ctx));
    if (!fault.success) {
      ctx.status = 422;
      ctx.body = { error: 'invalid', detail: z.prettifyError(fault.error) };
      return;
    }
    faults.put(vendor, fault.data);
    ctx.body = { faults: faults.list(vendor) };
  });
  router.delete('/sandbox/faults/:vendor', (ctx) => {
    const vendor = vendorOf(ctx.params.vendor);
    if (!vendor) return ctx.throw(404);
    faults.clear(vendor);
    ctx.body = { faults: [] };
  });
  router.get('/sandbox/faults/:vendor', (ctx) => {
    const vendor = vendorOf(ctx.params.vendor);
    if (!vendor) return ctx.throw(404);
    ctx.body = { faults: faults.list(vendor) };
  });
}

const FAULTY: readonly Faulty[] = [...VENDORS, 'dnc', 'openai'];
const vendorOf = (name: string | undefined): Faulty | null => FAULTY.find((vendor) => vendor === name) ?? null;
