import { finished } from 'node:stream/promises';
import type { HandsetDeps } from '../../sandbox/handset/deps';
import type { Scope } from '../../sandbox/handset/scope';
import { streamOf } from '../../sandbox/handset/stream';
import { wordsIn } from '../../sandbox/handset/words';

const silence = (): void => undefined;

/** A page whose facts cannot be read: only that is said. */
function aPage(closing: AbortSignal) {
  const deps = { log: { listen: () => silence }, clock: { listen: () => silence }, closing } as unknown as HandsetDeps;
  const scope = { words: wordsIn('en'), person: {} } as unknown as Scope;
  return streamOf(deps, scope);
}

describe('the live page of a handset', () => {
  it('writes nothing more when the process closes, whatever is on its way or its next beat', async () => {
    jest.useFakeTimers({ doNotFake: ['nextTick', 'queueMicrotask', 'setImmediate'] });
    const closing = new AbortController();
    const stream = aPage(closing.signal);
    const failures: Error[] = [];
    stream.on('error', (error) => failures.push(error));
    closing.abort();
    jest.advanceTimersByTime(60_000); // the reader has not taken the end yet, so that it is not closed
    await new Promise((resolve) => setImmediate(resolve));
    jest.useRealTimers();
    expect(failures).toEqual([]);
    stream.resume();
    await finished(stream);
  });

  it('says that it cannot read, to those who look', async () => {
    const closing = new AbortController();
    const stream = aPage(closing.signal);
    const [first] = (await stream.take(1).toArray()) as Buffer[];
    expect(first?.toString()).toContain(wordsIn('en').unavailable);
    closing.abort();
  });
});
