const EVERY_MS = 25;
/** Generous: a machine under load is slow, and a test that passes does not wait for it. */
const WITHIN_MS = 20_000;

/** Asks again until `ask` answers without throwing (a failed expectation throws); its last failure once the time is over. Instead of a sleep. */
export async function eventually<T>(ask: () => T | Promise<T>, { withinMs = WITHIN_MS }: { withinMs?: number } = {}): Promise<T> {
  const deadline = Date.now() + withinMs;
  for (;;) {
    try {
      return await ask();
    } catch (error) {
      if (Date.now() > deadline) throw error;
      await new Promise((resolve) => setTimeout(resolve, EVERY_MS));
    }
  }
}

/** Waits until it is so. Throws, naming what it waited for. Also for scripts and benchmarks, which have no `expect`. */
export async function until(what: string, isSo: () => boolean | Promise<boolean>): Promise<void> {
  await eventually(async () => {
    if (!(await isSo())) throw new Error(`waited in vain: ${what}`);
  });
}
