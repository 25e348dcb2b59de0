import { mkdir, open, readFile, truncate } from 'node:fs/promises';
import type { FileHandle } from 'node:fs/promises';
import { dirname } from 'node:path';

type Waiting = { line: string; done: () => void; failed: (error: unknown) => void };

/**
 * A file of JSON lines that is only ever added to. `append` resolves once the line outlives this process and, when `synced`, this machine;
 * lines that come while a write is under way share the next one, so the price of a sync is paid per batch.
 */
export class Journal {
  #waiting: Waiting[] = [];
  #writing: Promise<void> = Promise.resolve();
  #busy = false;

  private constructor(
    private readonly file: FileHandle,
    private readonly synced: boolean,
  ) {}

  /** Opens or makes the file and reads it. A last line without its end was never acknowledged (the process died in it) and is cut off. */
  static async open(path: string, { synced }: { synced: boolean }): Promise<{ journal: Journal; lines: unknown[] }> {
    await mkdir(dirname(path), { recursive: true });
    const file = await open(path, 'a');
    const bytes = await readFile(path);
    const whole = bytes.lastIndexOf('\n') + 1;
    if (whole < bytes.length) await truncate(path, whole);
    const text = bytes.subarray(0, whole).toString('utf8');
    const lines = text.split('\n').filter((line) => line !== '');
    return { journal: new Journal(file, synced), lines: lines.map((line): unknown => JSON.parse(line)) };
  }

  append(value: unknown): Promise<void> {
    return new Promise((done, failed) => {
      this.#waiting.push({ line: `${JSON.stringify(value)}\n`, done, failed });
      if (this.#busy) return;
      this.#busy = true;
      this.#writing = this.#write();
    });
  }

  async close(): Promise<void> {
    await this.#writing;
    await this.file.close();
  }

  async #write(): Promise<void> {
    while (this.#waiting.length > 0) {
      const batch = this.#waiting;
      this.#waiting = [];
      try {
        await this.file.appendFile(batch.map(({ line }) => line).join(''));
        if (this.synced) await this.file.datasync();
        for (const { done } of batch) done();
      } catch (error) {
        for (const { failed } of batch) failed(error);
      }
    }
    // In the same turn as the last look: a line that comes in the next one must find nobody busy.
    this.#busy = false;
  }
}
