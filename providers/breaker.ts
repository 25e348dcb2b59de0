import type { CircuitBreakerPolicy } from 'cockatiel';
import { BrokenCircuitError, circuitBreaker, CircuitState, ConsecutiveBreaker, handleAll } from 'cockatiel';
import { OutcomeUnclear, VendorRefused } from './errors';

export type BreakerOptions = { openAfter: number; openForMs: number };

/** A vendor of messages: three failures in a row, a minute of rest (L4). */
export const MESSAGING_BREAKER: BreakerOptions = { openAfter: 3, openForMs: 60_000 };

export type BreakerState = 'closed' | 'open' | 'half_open';

/** While one call finds out whether the vendor is back, the others come again after this. A call takes 10 s at most. */
const PROBE_MS = 5_000;

/**
 * Lets a vendor alone that does not answer: after so many failures in a row no call begins for a while, then one, and its end decides. In one process only, on
 * purpose (docs/decisions/0012-vendors-under-stress.md). What it keeps back is refused for certain, with the wait: it is planned again and never unclear.
 */
export class Breaker {
  readonly #policy: CircuitBreakerPolicy;
  readonly #options: BreakerOptions;
  #openedAtMs = 0;

  constructor(
    private readonly vendor: string,
    { options = MESSAGING_BREAKER, changed }: { options?: BreakerOptions | undefined; changed: (state: BreakerState) => void },
  ) {
    this.#options = options;
    const breaker = new ConsecutiveBreaker(options.openAfter);
    this.#policy = circuitBreaker(handleAll, { halfOpenAfter: options.openForMs, breaker });
    this.#policy.onBreak(() => (this.#openedAtMs = Date.now()));
    this.#policy.onStateChange((state) => changed(WORDS[state]));
  }

  /** How long no call may begin; 0: one may. */
  waitMs(): number {
    const { state } = this.#policy;
    if (state === CircuitState.Closed) return 0;
    if (state === CircuitState.HalfOpen) return PROBE_MS;
    return Math.max(0, this.#openedAtMs + this.#options.openForMs - Date.now());
  }

  /** Throws what the call throws; VendorRefused (`vendor_down`, with the wait) when none may begin. */
  async run<Answer>(call: () => Promise<Answer>): Promise<Answer> {
    const waitMs = this.waitMs();
    if (waitMs > 0) throw this.#keptBack(waitMs);
    // A definite no is an answer: the vendor is well.
    const ended = await this.#policy
      .execute(() => settled(call))
      .catch((error: unknown) => {
        throw error instanceof BrokenCircuitError ? this.#keptBack(PROBE_MS) : error;
      });
    if ('answer' in ended) return ended.answer;
    throw ended.error;
  }

  #keptBack(retryAfterMs: number): VendorRefused {
    return new VendorRefused({ vendor: this.vendor, code: 'vendor_down', vendorCode: 'breaker', retryAfterMs });
  }
}

const WORDS: Record<CircuitState, BreakerState> = {
  [CircuitState.Closed]: 'closed',
  [CircuitState.Open]: 'open',
  [CircuitState.Isolated]: 'open',
  [CircuitState.HalfOpen]: 'half_open',
};

async function settled<Answer>(call: () => Promise<Answer>): Promise<{ answer: Answer } | { error: Error }> {
  try {
    return { answer: await call() };
  } catch (error) {
    if (isOutage(error) || !(error instanceof Error)) throw error;
    return { error };
  }
}

function isOutage(error: unknown): boolean {
  if (error instanceof OutcomeUnclear) return error.why !== 'cancelled';
  return error instanceof VendorRefused && error.code === 'vendor_down';
}
