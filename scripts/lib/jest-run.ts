import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { ROOT, STATE_DIR, type Environment } from './environment';
import type { Counts } from './checks';

type Report = {
  numPassedTests: number;
  numFailedTests: number;
  numPendingTests: number;
  numTodoTests: number;
  numRuntimeErrorTestSuites: number;
};

/** Runs jest over test/ on this terminal and counts. `args` go to jest as they are. Its own failure (a crash, a leaked handle) counts as one failed. */
export async function runJest(args: string[], env: Environment): Promise<Counts> {
  const report = join(STATE_DIR, 'jest-report.json');
  mkdirSync(dirname(report), { recursive: true });
  rmSync(report, { force: true });
  const jest = join(ROOT, 'node_modules', 'jest', 'bin', 'jest.js');
  const child = spawn(process.execPath, [jest, '--ci', '--json', `--outputFile=${report}`, ...args], {
    cwd: ROOT,
    env,
    stdio: ['ignore', 'ignore', 'inherit'], // people read what it writes on stderr; stdout would be the report again
  });
  process.once('SIGTERM', () => child.kill('SIGTERM')); // a Ctrl-C reaches it by itself
  const code = await new Promise<number>((resolve) => child.once('exit', (exit) => resolve(exit ?? 1)));
  return existsSync(report) ? counted(JSON.parse(readFileSync(report, 'utf8')) as Report, code) : { passed: 0, failed: 1, skipped: 0 };
}

/** A file that cannot even be loaded is a failed test; an exit code that no test explains is one too. */
export function counted(report: Report, exitCode: number): Counts {
  const failed = report.numFailedTests + report.numRuntimeErrorTestSuites;
  return {
    passed: report.numPassedTests,
    failed: failed === 0 && exitCode !== 0 ? 1 : failed,
    skipped: report.numPendingTests + report.numTodoTests,
  };
}
