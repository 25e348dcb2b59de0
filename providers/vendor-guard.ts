import type { Breaker } from './breaker';
import { OutcomeUnclear, VendorRefused } from './errors';
import type { Tracing } from './opentelemetry/port';

/** One call of a vendor as metrics see it. `outcome`: ok, refused_…, unclear_…, error. */
export type VendorCallSeen = { vendor: string; operation: string; outcome: string; seconds: number };

export type Guard = { vendor: string; breaker: Breaker; tracing: Tracing; seen: (call: VendorCallSeen) => void };

type Call = (...args: unknown[]) => Promise<unknown>;

/**
 * The same port behind its vendor's breaker, with a span and a measurement for each call: which vendor, which call, how it ended in our words. What was said,
 * and to whom, is left out.
 */
export function guardVendor<Port extends object>(port: Port, guard: Guard): Port {
  const guarded = Object.entries(port).map(([operation, call]) => [operation, guardCall(call as Call, { ...guard, operation })]);
  return Object.fromEntries(guarded) as Port;
}

function guardCall(call: Call, { vendor, operation, breaker, tracing, seen }: Guard & { operation: string }): Call {
  const asked = {
    name: `${vendor} ${operation}`,
    kind: 'client' as const,
    facts: { 'usher.vendor': vendor, 'usher.operation': operation },
  };
  return (...args) =>
    tracing.span(asked, async (span) => {
      const startedNs = process.hrtime.bigint();
      const ended = (outcome: string): void => {
        span.note({ 'usher.outcome': outcome });
        seen({ vendor, operation, outcome, seconds: Number(process.hrtime.bigint() - startedNs) / 1e9 });
      };
      try {
        const answer = await breaker.run(() => call(...args));
        ended('ok');
        return answer;
      } catch (error) {
        ended(outcomeOf(error));
        throw error;
      }
    });
}

function outcomeOf(error: unknown): string {
  if (error instanceof VendorRefused) return `refused_${error.code}`;
  return error instanceof OutcomeUnclear ? `unclear_${error.why}` : 'error';
}
