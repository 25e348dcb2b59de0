import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { launch, type Running } from '../../scripts/lib/processes';
import { supervise, type Part } from '../../scripts/lib/supervisor';
import { EndedEarly, Trouble } from '../../scripts/lib/trouble';
import { aFolder, listener } from './fakes';

/** A part that keeps what it started; `script` for the nth start. */
function aPart(script: (start: number) => string): { part: Part; started: Running[] } {
  const started: Running[] = [];
  const logFile = join(aFolder(), 'worker.log');
  const start = async () => {
    const running = await launch({ name: 'worker', command: process.execPath, args: ['-e', script(started.length)], logFile });
    started.push(running);
    return running;
  };
  return { part: { name: 'worker', logFile, start }, started };
}

const STAYS = 'setInterval(() => undefined, 1000)';

async function eventually(holds: () => boolean): Promise<void> {
  for (let look = 0; look < 200 && !holds(); look += 1) await sleep(50);
  expect(holds()).toBe(true);
}

describe('supervise', () => {
  it('starts a killed worker again and says so in one line', async () => {
    const { part, started } = aPart(() => STAYS);
    const { said, say } = listener();
    const supervised = await supervise(part, { say, giveUp: fail, pauseMs: 1 });
    started[0]!.kill();
    await eventually(() => started.length === 2);
    expect(said).toEqual(['worker ended (by SIGKILL); it is started again.']);
    await supervised.stop();
  });

  it('does not start again what was asked to stop', async () => {
    const { part, started } = aPart(() => STAYS);
    const supervised = await supervise(part, { say: listener().say, giveUp: fail, pauseMs: 1 });
    await supervised.stop();
    await sleep(50);
    expect(started).toHaveLength(1);
  });

  it('gives up after five deaths in a row and names the log', async () => {
    const { part, started } = aPart((start) => (start === 0 ? STAYS : 'process.exit(3)'));
    const trouble = new Promise<Trouble>((resolve) => {
      void supervise(part, { say: listener().say, giveUp: resolve, pauseMs: 1 }).then(() => started[0]!.kill());
    });
    expect((await trouble).message).toBe(`worker ended 5 times in a row (with code 3): ${part.logFile} says why.`);
    expect(started).toHaveLength(5);
  });

  it('goes on when a restart itself fails once', async () => {
    const { part, started } = aPart(() => STAYS);
    const restarts = { failed: 0 };
    const start = () => {
      if (started.length === 0 || restarts.failed > 0) return part.start();
      restarts.failed += 1;
      return Promise.reject(new Trouble('The disk is full.'));
    };
    const { said, say } = listener();
    const supervised = await supervise({ ...part, start }, { say, giveUp: fail, pauseMs: 1 });
    started[0]!.kill();
    await eventually(() => started.length === 2);
    expect(said.at(-1)).toBe('worker ended (The disk is full.); it is started again.');
    await supervised.stop();
  });

  it('rejects when the first start ends early five times', async () => {
    const { part } = aPart(() => STAYS);
    const starts = { count: 0 };
    const start = () => {
      starts.count += 1;
      return Promise.reject(new EndedEarly('worker ended before it was ready'));
    };
    await expect(supervise({ ...part, start }, { say: listener().say, giveUp: fail, pauseMs: 1 })).rejects.toThrow('ended before');
    expect(starts.count).toBe(5);
  });

  it('rejects at once when the first start fails in a way that another would not mend', async () => {
    const { part } = aPart(() => STAYS);
    const start = () => Promise.reject(new Trouble('Port 3001 is taken.'));
    await expect(supervise({ ...part, start }, { say: listener().say, giveUp: fail })).rejects.toThrow('Port 3001 is taken.');
  });
});

function fail(trouble: Trouble): never {
  throw trouble;
}
