import { collectDefaultMetrics, Counter, Gauge, Histogram, Registry } from 'prom-client';
import type { Channel } from '../domain/message';
import type { BreakerState } from '../providers/breaker';
import type { VendorCallSeen } from '../providers/vendor-guard';

/** What the worker measures besides Node itself. Labels are vendors, calls and outcomes: a business or a person is never one. */
export type Meter = {
  registry: Registry;
  vendorCall: (seen: VendorCallSeen) => void;
  breaker: (vendor: string, state: BreakerState) => void;
  /** A message was handed to its vendor so long after it should have gone. */
  handedOver: (message: { channel: Channel; lateMs: number }) => void;
};

const OPEN = { closed: 0, half_open: 0.5, open: 1 };

export function createMeter(): Meter {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
  const calls = new Counter({
    name: 'usher_vendor_calls_total',
    help: 'Calls of a vendor by how they ended: ok, refused_…, unclear_…, error',
    labelNames: ['vendor', 'operation', 'outcome'] as const,
    registers: [registry],
  });
  const durations = new Histogram({
    name: 'usher_vendor_call_seconds',
    help: 'Time that a call of a vendor took',
    labelNames: ['vendor', 'operation'] as const,
    buckets: [0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10],
    registers: [registry],
  });
  const breakers = new Gauge({
    name: 'usher_vendor_breaker_open',
    help: '1: no call of this vendor begins, 0.5: one finds out whether it is back, 0: all is well',
    labelNames: ['vendor'] as const,
    registers: [registry],
  });
  const lateness = new Histogram({
    name: 'usher_message_late_seconds',
    help: 'How long after its instant a message was handed to its vendor; quiet hours are part of the instant, an outage is not',
    labelNames: ['channel'] as const,
    buckets: [0.5, 1, 2, 5, 15, 60, 300, 1_800, 7_200],
    registers: [registry],
  });
  return {
    registry,
    vendorCall: ({ vendor, operation, outcome, seconds }) => {
      calls.inc({ vendor, operation, outcome });
      durations.observe({ vendor, operation }, seconds);
    },
    breaker: (vendor, state) => breakers.set({ vendor }, OPEN[state]),
    handedOver: ({ channel, lateMs }) => lateness.observe({ channel }, lateMs / 1000),
  };
}
