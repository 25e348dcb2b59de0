import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { closeSync, existsSync, mkdirSync, openSync, readFileSync, renameSync } from 'node:fs';
import { Socket } from 'node:net';
import { dirname } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Environment } from './environment';

export type Exit = { code: number | null; signal: NodeJS.Signals | null };
export type OsUser = { uid: number; gid: number };

export type Running = {
  name: string;
  pid: number;
  logFile: string;
  exited: Promise<Exit>;
  /** Asks it to end and waits; kills it when it takes longer than `stopWithinMs`. */
  stop: () => Promise<void>;
  /** SIGKILL, at once. Also for the fault tests. */
  kill: () => void;
};

export type Launch = {
  name: string;
  command: string;
  args: string[];
  logFile: string;
  env?: Environment;
  cwd?: string;
  user?: OsUser | null;
  stopSignal?: NodeJS.Signals;
  stopWithinMs?: number;
};

/**
 * Starts a program in a process group of its own, so that a Ctrl-C in the terminal reaches us alone and we stop things in the right order.
 * Its output goes to `logFile`. It does not outlive us, however we die. Rejects when it cannot be started at all.
 */
export async function launch({
  name,
  command,
  args,
  logFile,
  stopSignal = 'SIGTERM',
  stopWithinMs = 10_000,
  ...options
}: Launch): Promise<Running> {
  mkdirSync(dirname(logFile), { recursive: true });
  const log = openSync(logFile, 'a');
  const { env, cwd, user } = options;
  const child = spawn(command, args, { detached: true, stdio: ['ignore', log, log], ...(env && { env }), ...(cwd && { cwd }), ...user });
  closeSync(log);
  const exited = new Promise<Exit>((resolve) => child.once('exit', (code, signal) => resolve({ code, signal })));
  await new Promise<void>((resolve, reject) => {
    child.once('spawn', resolve);
    child.once('error', reject);
  });
  const pid = child.pid ?? 0;
  const guard = endWithUs(pid, stopSignal);
  void exited.then(() => guard.kill('SIGKILL'));

  const alive = () => child.exitCode === null && child.signalCode === null;
  const kill = () => {
    if (alive()) signalGroup(pid, 'SIGKILL');
  };
  const stop = async () => {
    if (!alive()) return;
    child.kill(stopSignal);
    const ended = await Promise.race([exited.then(() => true), sleep(stopWithinMs, false, { ref: false })]);
    if (!ended) kill();
    await exited;
  };
  return { name, pid, logFile, exited, stop, kill };
}

/** Whether a process of that id runs now, whoever owns it. */
export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

/** The command line of a running process, so that a number used again is not taken for ours. Empty when it is gone. */
export function commandLine(pid: number): string {
  if (!isAlive(pid)) return '';
  if (process.platform !== 'linux') return spawnSync('ps', ['-o', 'args=', '-p', String(pid)], { encoding: 'utf8' }).stdout;
  const file = `/proc/${String(pid)}/cmdline`;
  return existsSync(file) ? readFileSync(file, 'utf8').replaceAll('\0', ' ') : '';
}

/** The end of a log, for the sentence about a process that died. */
export function tail(logFile: string, bytes = 4_000): string {
  return existsSync(logFile) ? readFileSync(logFile, 'utf8').slice(-bytes) : '';
}

/** A log holds one run; the one before it stays as <name>.previous.log. */
export function startLog(logFile: string): void {
  if (existsSync(logFile)) renameSync(logFile, logFile.replace(/\.log$/, '.previous.log'));
}

/** Waits until `ready` answers true. Rejects with what `late` makes when the time is up or the process is gone. */
export async function until(
  ready: () => Promise<boolean>,
  { running, withinMs, late }: { running: Running; withinMs: number; late: (exit: Exit | null) => Error },
): Promise<void> {
  const deadline = Date.now() + withinMs;
  const gone: { exit: Exit | null } = { exit: null };
  void running.exited.then((exit) => (gone.exit = exit));
  while (!(await ready())) {
    if (gone.exit ?? Date.now() > deadline) throw late(gone.exit);
    await sleep(50);
  }
}

/** A shell that waits for our end of a pipe to close, which even a SIGKILL of us does, and then stops the child. */
function endWithUs(pid: number, signal: NodeJS.Signals): ChildProcess {
  const script = 'read -r _; kill -s "$1" "$2" 2>/dev/null';
  const guard = spawn('/bin/sh', ['-c', script, 'sh', signal.slice(3), String(pid)], {
    detached: true,
    stdio: ['pipe', 'ignore', 'ignore'],
  });
  guard.unref();
  if (guard.stdin instanceof Socket) guard.stdin.unref();
  return guard;
}

function signalGroup(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(-pid, signal);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error; // ESRCH: it ended in this instant
  }
}
