/** The delays of the stand-ins: all of them end when the sandbox closes. */
export class Timers {
  readonly #running = new Set<() => void>();
  #closed = false;

  /** True after so many milliseconds; false at once when the sandbox closes meanwhile: stop then. */
  wait(ms: number): Promise<boolean> {
    if (this.#closed) return Promise.resolve(false);
    return new Promise((resolve) => {
      const end = (due: boolean) => {
        clearTimeout(timer);
        this.#running.delete(stop);
        resolve(due);
      };
      const stop = () => end(false);
      const timer = setTimeout(() => end(true), ms);
      this.#running.add(stop);
    });
  }

  close(): void {
    this.#closed = true;
    for (const stop of [...this.#running]) stop();
  }
}

/** Milliseconds, least and most. */
export type Range = readonly [number, number];

export const somewhereIn = ([least, most]: Range): number => Math.round(least + Math.random() * (most - least));
