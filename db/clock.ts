import type { Instant } from '../domain/time';

/** A reading at the beginning of a piece of work. `leadMs`: by how much the business's clock leads the workflow that asks. */
export type Reading = { now: Instant; leadMs: number };

/** What time it is for a business. In production: the system's time, for all. */
export type Clock = {
  now: (businessId: string) => Promise<Instant>;
  /** For an activity: the later of the workflow's clock and the business's (a retried activity keeps old arguments, a skipped workflow runs ahead). */
  read: (businessId: string, workflowNow: Instant) => Promise<Reading>;
  /** The machine's own time, for what happens outside virtual time: leases and the vendors' clocks. */
  system: () => Instant;
};

/** `offsetMs` is how far a business's sandbox clock was pushed; absent in production. */
export function createClock(system: () => Instant, offsetMs: (businessId: string) => Promise<number> = () => Promise.resolve(0)): Clock {
  const businessMs = async (businessId: string): Promise<{ ms: number; offset: number }> => {
    const offset = await offsetMs(businessId);
    return { ms: Date.parse(system()) + offset, offset };
  };
  return {
    system,
    now: async (businessId) => iso((await businessMs(businessId)).ms),
    read: async (businessId, workflowNow) => {
      const { ms, offset } = await businessMs(businessId);
      const workflowMs = Date.parse(workflowNow);
      return { now: iso(Math.max(ms, workflowMs)), leadMs: offset === 0 ? 0 : Math.max(0, ms - workflowMs) };
    },
  };
}

const iso = (ms: number): Instant => new Date(ms).toISOString();
