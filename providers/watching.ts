import { OutcomeUnclear, VendorRefused } from './errors';
import type { Tracing } from './opentelemetry/port';

type Watch = { vendor: string; tracing: Tracing };
type Call = (...args: unknown[]) => Promise<unknown>;

/** The same port with a span around each of its calls: which vendor, which call, how it ended in our words. What was said, and to whom, is left out. */
export function watchVendor<Port extends object>(port: Port, { vendor, tracing }: Watch): Port {
  const watched = Object.entries(port).map(([operation, call]) => {
    const asked = { name: `${vendor} ${operation}`, kind: 'client' as const, facts: { 'usher.vendor': vendor, 'usher.operation': operation } };
    const around: Call = (...args) =>
      tracing.span(asked, async (span) => {
        try {
          return await (call as Call)(...args);
        } catch (error) {
          span.note({ 'usher.outcome': outcomeOf(error) });
          throw error;
        }
      });
    return [operation, around];
  });
  return Object.fromEntries(watched) as Port;
}

function outcomeOf(error: unknown): string {
  if (error instanceof VendorRefused) return `refused ${error.code}`;
  return error instanceof OutcomeUnclear ? `unclear ${error.why}` : 'error';
}
