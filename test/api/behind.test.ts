import pino from 'pino';
import { createBehind } from '../../api/behind';

it('keeps the process until work behind an answer is done, and logs where it failed without the words of the failure', async () => {
  const lines: string[] = [];
  const behind = createBehind(pino({ level: 'error' }, { write: (line: string) => lines.push(line) }));
  const done: string[] = [];
  let letGo = (): void => undefined;
  behind.run('first', async () => {
    await new Promise<void>((resolve) => (letGo = resolve));
    behind.run('second', () => Promise.reject(new Error('for ana@x.example')));
    done.push('first');
  });
  const settled = behind.settled().then(() => done.push('settled'));
  expect(done).toEqual([]);
  letGo();
  await settled;
  expect(done).toEqual(['first', 'settled']);
  expect(lines).toHaveLength(1);
  expect(lines[0]).toContain('"work":"second"');
  expect(lines[0]).not.toContain('ana@x.example');
});
