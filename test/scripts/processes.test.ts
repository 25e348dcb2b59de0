import { execFileSync, spawn } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { commandLine, isAlive, launch, startLog, tail, type Launch } from '../../scripts/lib/processes';
import { ROOT } from '../../scripts/lib/environment';
import { aFolder } from './fakes';

const FOR_EVER = 'console.log("up"); setInterval(() => undefined, 1000);';

const aLaunch = (script: string, more: Partial<Launch> = {}): Launch => ({
  name: 'something',
  command: process.execPath,
  args: ['-e', script],
  logFile: join(aFolder(), 'something.log'),
  ...more,
});

async function gone(pid: number): Promise<boolean> {
  for (let look = 0; look < 100 && isAlive(pid); look += 1) await sleep(50);
  return !isAlive(pid);
}

async function logged(logFile: string, text: string): Promise<void> {
  for (let look = 0; look < 100 && !tail(logFile).includes(text); look += 1) await sleep(50);
}

describe('launch', () => {
  it('keeps what the program prints in its log', async () => {
    const running = await launch(aLaunch('console.log("to stdout"); console.error("to stderr")'));
    await expect(running.exited).resolves.toEqual({ code: 0, signal: null });
    expect(readFileSync(running.logFile, 'utf8')).toBe('to stdout\nto stderr\n');
  });

  it('rejects for a program that is not there', async () => {
    await expect(launch(aLaunch('', { command: 'no-such-program' }))).rejects.toMatchObject({ code: 'ENOENT' });
  });

  it('asks it to end and waits for what it still has to do', async () => {
    const running = await launch(
      aLaunch(`process.on('SIGTERM', () => setTimeout(() => { console.log('done'); process.exit(0); }, 200)); ${FOR_EVER}`),
    );
    await logged(running.logFile, 'up');
    await running.stop();
    expect(tail(running.logFile)).toContain('done');
    expect(isAlive(running.pid)).toBe(false);
  });

  it('kills one that does not end in time', async () => {
    const running = await launch(aLaunch(`process.on('SIGTERM', () => console.log('no')); ${FOR_EVER}`, { stopWithinMs: 200 }));
    await logged(running.logFile, 'up');
    await running.stop();
    await expect(running.exited).resolves.toEqual({ code: null, signal: 'SIGKILL' });
  });

  it('takes its children along when the launcher itself is killed', async () => {
    const script = `
      const { launch } = require(${JSON.stringify(join(ROOT, 'dist/scripts/lib/processes.js'))});
      launch({ name: 'child', command: process.execPath, args: ['-e', 'setInterval(() => undefined, 1000)'], logFile: ${JSON.stringify(join(aFolder(), 'child.log'))} })
        .then(({ pid }) => console.log(pid));`;
    execFileSync(process.execPath, ['scripts/usher.mjs', 'build'], { cwd: ROOT });
    const launcher = spawn(process.execPath, ['-e', script], { stdio: ['ignore', 'pipe', 'inherit'] });
    const pid = await new Promise<number>((resolve) => launcher.stdout.once('data', (data: Buffer) => resolve(Number(data.toString()))));
    expect(isAlive(pid)).toBe(true);
    launcher.kill('SIGKILL');
    await expect(gone(pid)).resolves.toBe(true);
  });
});

describe('commandLine', () => {
  it('tells one program from another, and is empty for one that is gone', async () => {
    const running = await launch(aLaunch('setInterval(() => undefined, 1000) // the-mark-of-this-test'));
    expect(commandLine(running.pid)).toContain('the-mark-of-this-test');
    running.kill();
    await running.exited;
    expect(commandLine(running.pid)).toBe('');
  });
});

describe('startLog', () => {
  it('keeps the log of the run before', async () => {
    const { logFile, exited } = await launch(aLaunch('console.log("the first run")'));
    await exited;
    startLog(logFile);
    expect(existsSync(logFile)).toBe(false);
    expect(tail(logFile.replace('.log', '.previous.log'))).toContain('the first run');
  });
});
