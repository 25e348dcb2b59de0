import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { ROOT, type Environment } from './environment';
import { duration, type Say } from './say';

/** One check besides the tests. It passes when its program ends with 0. `args[0]` is a package's program in node_modules/.bin, or a script of ours. */
export type Check = { name: string; program: string; args: string[] };
export type Counts = { passed: number; failed: number; skipped: number };

/** What `npm test` ends with. */
export function countLine({ passed, failed, skipped }: Counts): string {
  return `${String(passed)} passed, ${String(failed)} failed${skipped > 0 ? `, ${String(skipped)} skipped` : ''}`;
}

export const sum = (counts: Counts[]): Counts =>
  counts.reduce((a, b) => ({ passed: a.passed + b.passed, failed: a.failed + b.failed, skipped: a.skipped + b.skipped }), NOTHING);

const NOTHING: Counts = { passed: 0, failed: 0, skipped: 0 };

/** Runs checks, `atOnce` at a time, with a line for each; what a failed one printed is shown in full. */
export async function runChecks(checks: Check[], { atOnce, env, say }: { atOnce: number; env: Environment; say: Say }): Promise<Counts> {
  const waiting = [...checks];
  const results: Counts[] = [];
  const lane = async () => {
    for (let check = waiting.shift(); check; check = waiting.shift()) results.push(await runCheck(check, env, say));
  };
  await Promise.all(Array.from({ length: atOnce }, lane));
  return sum(results);
}

async function runCheck({ name, program, args }: Check, env: Environment, say: Say): Promise<Counts> {
  const startedAt = Date.now();
  const { code, text } = await run(program, args, env);
  say(`  ${code === 0 ? 'ok    ' : 'FAILED'}  ${name} (${duration(Date.now() - startedAt)})`);
  if (code !== 0) say(`\n${text.trimEnd()}\n`);
  return code === 0 ? { ...NOTHING, passed: 1 } : { ...NOTHING, failed: 1 };
}

async function run(program: string, args: string[], env: Environment): Promise<{ code: number; text: string }> {
  const path = program === 'node' ? process.execPath : join(ROOT, 'node_modules', '.bin', program);
  const child = spawn(path, args, { cwd: ROOT, env, stdio: ['ignore', 'pipe', 'pipe'] });
  const chunks: string[] = [];
  for (const stream of [child.stdout, child.stderr]) stream.setEncoding('utf8').on('data', (text: string) => chunks.push(text));
  return new Promise((resolve) => {
    child.once('error', (error) => resolve({ code: 1, text: error.message }));
    child.once('close', (code) => resolve({ code: code ?? 1, text: chunks.join('') }));
  });
}
