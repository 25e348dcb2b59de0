import type { Death } from './mortal';
import { live, makeStatementsMortal } from './mortal';
import { deathsOf, startKilling, type Case, type Killing, type Way } from './send-cases';

jest.setTimeout(600_000); // some 50 deaths each; a machine under load is slow
makeStatementsMortal();

let killing: Killing;
beforeAll(async () => {
  killing = await startKilling();
});
afterAll(() => killing.close());
afterEach(() => killing.clearFaults());

describe('a process that is killed on the send path', () => {
  it('at any step of a text leaves it sent once, when the vendor reports', async () => {
    const { steps, statuses } = await killing.dieEveryDeath({ by: 'sms', heard: true });
    expect(steps).toContain('twilio send');
    expect(steps.filter((name) => /^commit/i.test(name)).length).toBeGreaterThanOrEqual(2); // the mark, the answer
    expect(steps.length).toBeGreaterThan(12);
    expect([...new Set(statuses)].sort().filter((status) => !['sent', 'delivered'].includes(status))).toEqual([]);
  });

  it('at any step of a text leaves it sent once or visibly unknown, when no report arrives', async () => {
    await killing.dieEveryDeath({ by: 'sms', heard: false });
  });

  it('at any step of an e-mail leaves it sent once or visibly unknown', async () => {
    const { steps } = await killing.dieEveryDeath({ by: 'email', heard: false });
    expect(steps).toContain('sendgrid send');
    await killing.dieEveryDeath({ by: 'email', heard: true });
  });

  it.each(['commit_then_drop', 'drop_before_commit', 'refuse', 'rate_limit', 'error'] as const)(
    'at any step of a text that befalls %s leaves it sent at most once, and its fate to be seen',
    async (mode) => {
      await killing.dieEveryDeath({ by: 'sms', mode, heard: false });
    },
  );

  it('while it finds out what became of an earlier one that was killed, changes nothing about that', async () => {
    // The first dies when the vendor has taken the text and nobody heard; the second, which looks for it, dies at every step.
    const way: Way = { by: 'sms', heard: false };
    const first = await killing.everyDeath(way);
    const lost: Death = { step: first.steps.indexOf('twilio send') + 1, when: 'after' };
    const aLostOne = async (): Promise<Case> => {
      const one = await killing.aCase(way);
      await live(lost, one.send);
      await one.attempts.age(one.messageId, 10 * 60_000);
      return one;
    };
    const whole = await aLostOne();
    const { steps } = await live(null, whole.send);
    expect(steps).toContain('twilio find');
    expect(await killing.judge(whole, 'alive')).toBe('sent');
    for (const death of deathsOf(steps)) {
      const one = await aLostOne();
      await live(death, one.send);
      expect(await killing.judge(one, `${death.when} ${steps[death.step - 1] ?? ''}`)).toBe('sent');
      expect(one.attempts.accepted()).toHaveLength(1);
    }
  });

  it('while another sends the same message lets one text leave', async () => {
    const { deaths } = await killing.everyDeath({ by: 'sms', heard: true });
    for (const death of deaths) {
      const one = await killing.aCase({ by: 'sms', heard: true });
      await Promise.all([live(death, one.send), live(null, one.send), live(null, one.send)]);
      expect(['sent', 'delivered']).toContain(await killing.judge(one, `two workers, one killed ${death.when} step ${String(death.step)}`));
      expect(one.attempts.accepted()).toHaveLength(1);
    }
  });
});
