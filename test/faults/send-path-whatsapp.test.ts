import { eventually } from '../support/eventually';
import { live, makeStatementsMortal } from './mortal';
import { deathsOf, ROUTES, startKilling, type Case, type Killing } from './send-cases';

jest.setTimeout(600_000); // some 50 deaths each; a machine under load is slow
makeStatementsMortal();

let killing: Killing;
beforeAll(async () => {
  killing = await startKilling();
});
afterAll(() => killing.close());
afterEach(() => killing.clearFaults());

/** A refusal at once and for good: Meta's usual one is no answer at all. */
const NEVER = '100';

describe.each(['whatsapp by twilio', 'whatsapp by meta'] as const)('a process that is killed on the send path of %s', (by) => {
  const { vendor } = ROUTES[by];

  it('leaves a message sent once at any step, or visibly unknown where the vendor has none and cannot be asked', async () => {
    const { steps, statuses, cases } = await killing.dieEveryDeath({ by, heard: true });
    expect(steps).toContain(`${vendor} send`);
    expect(steps.filter((name) => /^commit/i.test(name)).length).toBeGreaterThanOrEqual(2); // the mark, the answer
    expect(steps.length).toBeGreaterThan(12);
    if (vendor === 'twilio') expect(statuses).not.toContain('unknown');
    // Whatever was taken is reported, and the report wins.
    for (const { attempts, messageId } of cases.filter((one) => one.attempts.accepted().length === 1))
      await eventually(async () => expect((await attempts.row(messageId)).status).toMatch(/^(sent|delivered)$/));
  });

  it('leaves a message sent once or visibly unknown at any step, when no report arrives', async () => {
    const { statuses } = await killing.dieEveryDeath({ by, heard: false, fromCall: true });
    expect(statuses).toContain('sent');
  });

  it('leaves a template sent once or visibly unknown at any step, when no report arrives', async () => {
    const { statuses } = await killing.dieEveryDeath({ by, heard: false, fromCall: true, asTemplate: true });
    expect(statuses).toContain('sent');
  });
});

// By Twilio the rest of the way is the one of a text (send-path.test.ts): only Meta's differs.
describe('a process that is killed on the send path of whatsapp by meta', () => {
  it.each(['commit_then_drop', 'drop_before_commit', 'refuse', 'rate_limit', 'error'] as const)(
    'leaves a message that befalls %s sent at most once at any step, and its fate to be seen',
    async (mode) => {
      const { statuses } = await killing.dieEveryDeath({
        by: 'whatsapp by meta',
        mode,
        heard: false,
        ...(mode === 'refuse' && { code: NEVER }),
      });
      expect(statuses.length).toBeGreaterThanOrEqual(2);
    },
  );

  it('lets at most one message leave while others send the same', async () => {
    const { deaths } = await killing.everyDeath({ by: 'whatsapp by meta', heard: false });
    const left: number[] = [];
    for (const death of deaths.filter((_, i) => i % 4 === 0)) {
      const one = await killing.aCase({ by: 'whatsapp by meta', heard: false });
      await Promise.all([live(death, one.send), live(null, one.send), live(null, one.send)]);
      await killing.judge(one, `three processes, one killed ${death.when} step ${String(death.step)}`);
      left.push(one.attempts.accepted().length);
    }
    expect(left.filter((count) => count === 1).length).toBeGreaterThan(left.length / 2);
  });

  it('sends by text, once, what WhatsApp refused, wherever a process dies that plans it and sends it', async () => {
    const aRefusedOne = async (): Promise<Case> => {
      const one = await killing.aCase({ by: 'whatsapp by meta', mode: 'refuse', code: NEVER, heard: false });
      await one.send();
      expect(await one.attempts.row(one.messageId)).toMatchObject({ channel: 'whatsapp', status: 'failed' });
      return one;
    };
    const whole = await aRefusedOne();
    const { steps } = await live(null, () => sendByText(whole));
    expect(steps).toContain('twilio send');
    expect(await textOf(whole)).toMatchObject({ status: 'sent' });
    for (const death of deathsOf(steps)) {
      const one = await aRefusedOne();
      await live(death, () => sendByText(one));
      const { id } = await sendByText(one);
      await killing.judge({ ...one, messageId: id }, `${death.when} step ${String(death.step)} (${steps[death.step - 1] ?? ''})`);
      expect(one.attempts.accepted()).toHaveLength(1);
      expect(await one.attempts.row(one.messageId)).toMatchObject({ status: 'failed' });
    }
  });
});

const textOf = async ({ visit }: Case) =>
  (await visit.messages()).find(({ rule, channel, recipient }) => rule === 'confirmation' && channel === 'sms' && recipient === 'contact');

/** What a process does after the refusal: plans the visit again, and sends what the plan names next. */
async function sendByText(one: Case): Promise<{ id: string }> {
  await one.attempts.plan(one.visit, 'confirmation');
  const text = await textOf(one);
  if (!text) throw new Error('no text was planned');
  await one.attempts.send(text.id);
  return text;
}
