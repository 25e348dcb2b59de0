import { Breaker, MESSAGING_BREAKER, type BreakerState } from '../../providers/breaker';
import { OutcomeUnclear, VendorRefused } from '../../providers/errors';

beforeEach(() => jest.useFakeTimers({ now: 0 }));
afterEach(() => jest.useRealTimers());

const timedOut = () => Promise.reject(new OutcomeUnclear({ vendor: 'twilio', cause: 'timed_out' }));
const refused = () => Promise.reject(new VendorRefused({ vendor: 'twilio', code: 'channel_unusable', vendorCode: '21211' }));
const well = () => Promise.resolve('taken');

function aBreaker() {
  const states: BreakerState[] = [];
  const breaker = new Breaker('twilio', { changed: (state) => states.push(state) });
  const ask = (call: () => Promise<unknown>): Promise<unknown> => breaker.run(call).catch((error: unknown) => error);
  const fail = async (times: number): Promise<void> => {
    for (let i = 0; i < times; i += 1) await ask(timedOut);
  };
  return { breaker, states, ask, fail };
}

const KEPT_BACK = { name: 'VendorRefused', code: 'vendor_down', vendorCode: 'breaker', surelyNotSent: true };

describe('the breaker of a vendor', () => {
  it('lets the vendor alone for a minute after three failures in a row, and says so for certain', async () => {
    const { breaker, ask, fail } = aBreaker();
    await fail(2);
    expect(breaker.waitMs()).toBe(0);
    await fail(1);
    expect(breaker.waitMs()).toBe(60_000);
    const call = jest.fn(well);
    jest.setSystemTime(20_000);
    expect(await ask(call)).toMatchObject({ ...KEPT_BACK, retryAfterMs: 40_000 });
    expect(call).not.toHaveBeenCalled();
    expect(MESSAGING_BREAKER).toEqual({ openAfter: 3, openForMs: 60_000 });
  });

  it('does not count a definite no: the vendor answered', async () => {
    const { breaker, ask, fail } = aBreaker();
    await fail(2);
    expect(await ask(refused)).toMatchObject({ code: 'channel_unusable' });
    await fail(2);
    expect(breaker.waitMs()).toBe(0);
  });

  it('lets one call find out after the minute, and keeps the others back meanwhile', async () => {
    const { breaker, states, ask, fail } = aBreaker();
    await fail(3);
    jest.setSystemTime(60_000);
    const probe = { answer: (): void => undefined };
    const probing = ask(() => new Promise((resolve) => (probe.answer = () => resolve('taken'))));
    expect(await ask(well)).toMatchObject(KEPT_BACK);
    probe.answer();
    expect(await probing).toBe('taken');
    expect([await ask(well), breaker.waitMs()]).toEqual(['taken', 0]);
    expect(states).toEqual(['open', 'half_open', 'closed']);
  });

  it('rests another minute when the vendor is still away', async () => {
    const { breaker, ask, fail } = aBreaker();
    await fail(3);
    jest.setSystemTime(61_000);
    expect(await ask(timedOut)).toMatchObject({ name: 'OutcomeUnclear' });
    expect(breaker.waitMs()).toBe(60_000);
  });

  it('passes on what is a fault of ours without counting it against the vendor', async () => {
    const { breaker, ask } = aBreaker();
    for (let i = 0; i < 5; i += 1) expect(await ask(() => Promise.reject(new TypeError('no text')))).toBeInstanceOf(TypeError);
    expect(breaker.waitMs()).toBe(0);
  });
});
