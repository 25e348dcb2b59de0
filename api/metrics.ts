import { collectDefaultMetrics, Counter, Gauge, Histogram, Registry } from 'prom-client';
import type { OptOutOpinion } from '../providers/openai/port';

export type Metrics = {
  registry: Registry;
  /** Of one answered request. `route` is the pattern, never the address: ids and link tokens are in the address. */
  request: (seen: { method: string; route: string; status: number; seconds: number }) => void;
  /** A vendor reports that a message it had taken did not arrive. `refusal`: our word for why, null for a code that nobody knows. */
  reportedFailed: (seen: { vendor: string; refusal: string | null }) => void;
  /** A model was asked whether a text is an opt-out. */
  judged: (opinion: OptOutOpinion['kind']) => void;
};

/** What is counted in the database, at each scrape. */
export type Counted = { waitingDoorbells: () => Promise<number>; unknownMessages: () => Promise<number> };

export function createMetrics({ waitingDoorbells, unknownMessages }: Counted): Metrics {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
  const durations = new Histogram({
    name: 'usher_http_request_seconds',
    help: 'Time to answer, by route pattern and status',
    labelNames: ['method', 'route', 'status'] as const,
    buckets: [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5],
    registers: [registry],
  });
  const failures = new Counter({
    name: 'usher_messages_reported_failed_total',
    help: 'Messages that a vendor had taken and reports as not arrived, by our word for why',
    labelNames: ['vendor', 'refusal'] as const,
    registers: [registry],
  });
  const judgements = new Counter({
    name: 'usher_opt_out_judgements_total',
    help: 'Texts that a model was asked about because they might be an opt-out, by what it said',
    labelNames: ['opinion'] as const,
    registers: [registry],
  });
  new Gauge({
    name: 'usher_doorbells_waiting',
    help: 'Changes that no workflow has heard of yet',
    registers: [registry],
    async collect() {
      this.set(await waitingDoorbells());
    },
  });
  new Gauge({
    name: 'usher_messages_unknown',
    help: 'Messages of which nobody knows whether they were sent: a person must decide',
    registers: [registry],
    async collect() {
      this.set(await unknownMessages());
    },
  });
  return {
    registry,
    request: ({ method, route, status, seconds }) => durations.observe({ method, route, status: String(status) }, seconds),
    reportedFailed: ({ vendor, refusal }) => failures.inc({ vendor, refusal: refusal ?? 'unknown' }),
    judged: (opinion) => judgements.inc({ opinion }),
  };
}
