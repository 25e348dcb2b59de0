import { explain, isUnexpected } from './trouble';

export type Say = (line: string) => void;

/** One line on the terminal. */
export const say: Say = (line) => void process.stdout.write(`${line}\n`);

/** `0.4 s`, `12 s`, `3 min 5 s`. */
export function duration(ms: number): string {
  if (ms < 9_950) return `${(ms / 1_000).toFixed(1)} s`;
  const seconds = Math.round(ms / 1_000);
  return seconds < 60 ? `${String(seconds)} s` : `${String(Math.floor(seconds / 60))} min ${String(seconds % 60)} s`;
}

/** Runs one step and says when it is done and how long it took. */
export async function step<T>(name: string, work: () => Promise<T>): Promise<T> {
  const startedAt = Date.now();
  const result = await work();
  say(`  ${name} (${duration(Date.now() - startedAt)})`);
  return result;
}

/** Says every 15 s that long work still goes on, or rewrites one line each second where somebody watches. */
export async function withProgress<T>(name: string, tell: Say, work: () => Promise<T>): Promise<T> {
  const startedAt = Date.now();
  const watched = process.stdout.isTTY;
  tell(`  ${name} …`);
  const tick = setInterval(
    () => {
      const line = `  … ${duration(Date.now() - startedAt)}`;
      if (watched) process.stdout.write(`\r${line} `);
      else tell(line);
    },
    watched ? 1_000 : 15_000,
  );
  try {
    return await work();
  } finally {
    clearInterval(tick);
    if (watched) process.stdout.write('\n');
  }
}

/** The frame of a command: its exit code, or one sentence about what went wrong (with the stack when it is a fault of ours) and code 1. */
export async function runCommand(main: () => Promise<number>): Promise<void> {
  try {
    process.exitCode = await main();
  } catch (error) {
    process.stderr.write(`\n${explain(error)}\n`);
    if (isUnexpected(error) && error instanceof Error) process.stderr.write(`${error.stack ?? ''}\n`);
    process.exitCode = 1;
  }
}
