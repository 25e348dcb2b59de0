import { execFileSync, spawn } from 'node:child_process';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { claimRun, runningPid } from '../../scripts/lib/run-file';
import { aFolder } from './fakes';

const aRunFile = () => join(aFolder(), 'running.json');

describe('claimRun', () => {
  it('publishes where the servers are, and forgets it at the end', () => {
    const file = aRunFile();
    const run = claimRun(file);
    run.publish({ environment: { DATABASE_URL: 'postgres://localhost/usher' } });
    run.publish({ parts: { worker: 12 } });
    expect(JSON.parse(readFileSync(file, 'utf8'))).toEqual({
      pid: process.pid,
      environment: { DATABASE_URL: 'postgres://localhost/usher' },
      parts: { worker: 12 },
    });
    run.release();
    expect(existsSync(file)).toBe(false);
  });

  it('refuses a second start beside one that runs', () => {
    const file = aRunFile();
    const other = spawn(process.execPath, ['-e', 'setInterval(() => undefined, 1000)', 'dist/scripts/start.js']);
    writeFileSync(file, JSON.stringify({ pid: other.pid, environment: {} }));
    expect(() => claimRun(file)).toThrow(`Usher is running already (process ${String(other.pid)})`);
    other.kill('SIGKILL');
  });

  it('starts after one that was killed, also when its number belongs to another program now', () => {
    const file = aRunFile();
    const dead = Number(execFileSync(process.execPath, ['-p', 'process.pid'], { encoding: 'utf8' }));
    for (const pid of [dead, process.ppid]) {
      writeFileSync(file, JSON.stringify({ pid, environment: {} }));
      expect(runningPid(file)).toBeNull();
    }
    writeFileSync(file, '{"pid": 1');
    expect(() => claimRun(file)).not.toThrow();
  });
});
