/** What goes on after an answer: delays and the work behind them. All of it has ended when `close` has resolved. */
export class Background {
  readonly #waiting = new Set<() => void>();
  readonly #running = new Set<Promise<unknown>>();
  #closed = false;

  /** Lets work go on by itself. Its failure (a full disk, say) is nobody's to handle and ends the process. */
  run(work: Promise<unknown>): void {
    const tracked = work.finally(() => this.#running.delete(tracked));
    this.#running.add(tracked);
  }

  /** True after so many milliseconds; false at once when the sandbox closes meanwhile: stop then. */
  wait(ms: number): Promise<boolean> {
    if (this.#closed) return Promise.resolve(false);
    return new Promise((resolve) => {
      const end = (due: boolean) => {
        clearTimeout(timer);
        this.#waiting.delete(stop);
        resolve(due);
      };
      const stop = () => end(false);
      const timer = setTimeout(() => end(true), ms);
      this.#waiting.add(stop);
    });
  }

  async close(): Promise<void> {
    this.#closed = true;
    for (const stop of [...this.#waiting]) stop();
    // Work that ends may have begun other work.
    while (this.#running.size > 0) await Promise.allSettled([...this.#running]);
  }
}

/** Milliseconds, least and most. */
export type Range = readonly [number, number];

export const somewhereIn = ([least, most]: Range): number => Math.round(least + Math.random() * (most - least));
