import type { Say } from './say';
import type { Supervised } from './supervisor';

/** A Ctrl-C arrives up to three times (terminal, npm, usher.mjs); only a later one means "now". */
const SAME_SIGNAL_MS = 1_000;
const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/** Ends this process and its parts once, in order: on a signal (a second one forces), a failed start, or a part that cannot be kept alive. */
export class Shutdown {
  private readonly parts: { order: number; part: Supervised }[] = [];
  private beganAt: number | null = null;

  /** `release`: the last thing done, however it ends. */
  constructor(
    private readonly say: Say,
    private readonly release: () => void,
  ) {
    for (const signal of SIGNALS) process.on(signal, () => this.onSignal());
  }

  /** Parts of a lower order are stopped first, those of one order together. */
  add(order: number, part: Supervised): void {
    if (this.beganAt === null) this.parts.push({ order, part });
    else part.kill(); // it came up while all else was going down
  }

  /** Stops all parts, then leaves with `code`. Only the first call counts. */
  async end(code: number): Promise<void> {
    if (this.beganAt !== null) return;
    this.beganAt = Date.now();
    const orders = [...new Set(this.parts.map(({ order }) => order))].sort((a, b) => a - b);
    for (const order of orders) {
      await Promise.all(this.parts.filter((entry) => entry.order === order).map(({ part }) => part.stop()));
    }
    if (this.parts.length > 0) this.say('Stopped.');
    this.leave(code);
  }

  private onSignal(): void {
    if (this.beganAt === null) {
      this.say('\nStopping Usher (Ctrl-C again to force) …');
      void this.end(0);
    } else if (Date.now() - this.beganAt > SAME_SIGNAL_MS) {
      for (const { part } of this.parts) part.kill();
      this.leave(130);
    }
  }

  private leave(code: number): void {
    this.release();
    process.exit(code);
  }
}
