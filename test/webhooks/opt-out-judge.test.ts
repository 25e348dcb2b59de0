import { readCorpus } from '../../bench/opt-out-corpus';
import type { ApiDeps } from '../../api/deps';
import { v7 as newId } from 'uuid';
import { SEALED_AS } from '../../api/webhooks/deps';
import { tryOut } from '../../api/webhooks/handle';
import { textEffect } from '../../api/webhooks/judging';
import { readOptOut } from '../../domain/opt-out';
import { mayRevoke } from '../../domain/opt-out/suspicion';
import { withBusiness } from '../../db/tenancy';
import { createOpenAiJudge } from '../../providers/openai/openai';
import type { OptOutOpinion } from '../../providers/openai/port';
import { newSid } from '../support/deliveries';
import type { Salon } from '../support/salon';
import { startWorld, type World } from '../support/world';

let world: World;
beforeAll(async () => {
  world = await startWorld({ worker: false });
});
afterAll(() => world.close());
afterEach(() => world.sandbox.faults.clear('openai'));

const NOW = '2027-03-02T15:00:00.000Z';
/** No rule knows these ways of saying it. */
const ENOUGH = 'I have had enough of you people';
const BASTA = 'Me tienen harta con esto';

type Judged = { deps: ApiDeps; asked: string[] };

/** The API with a model: the stand-in's, unless told what it says. */
function withJudge(says?: OptOutOpinion): Judged {
  const real = createOpenAiJudge({ apiKey: 'sk-sandbox-openai-key', baseUrl: world.sandboxUrl, model: 'gpt-5-mini', timeoutMs: 500 });
  const asked: string[] = [];
  const optOutJudge = {
    judge: (text: string) => {
      asked.push(text);
      return says ? Promise.resolve(says) : real.judge(text);
    },
  };
  return { deps: { ...world.apiDeps, vendors: { ...world.apiDeps.vendors, optOutJudge } }, asked };
}

type Over = { answeredByVendor?: 'stop' | null; automatic?: boolean; unverified?: boolean };

async function write({ deps }: { deps: ApiDeps }, salon: Salon, said: string | (Over & { body: string })): Promise<void> {
  const { body, ...over } = typeof said === 'string' ? { body: said } : said;
  const from = { from: salon.contactPhone, to: salon.number, vendor: 'twilio', vendorId: newSid(), channel: 'sms' as const };
  const effect = await textEffect(deps, {
    businessId: salon.id,
    event: { ...from, body, answeredByVendor: null, ...over },
    storedId: newId(),
  });
  await withBusiness(world.db, salon.id, (tx) => effect.apply(tx, NOW));
}

type OptOut = { source: string; statement: string | null };
const optOuts = async (salon: Salon): Promise<OptOut[]> =>
  (await world.call<{ data: OptOut[] }>(salon, `GET /contacts/${salon.contactId}/opt-outs`)).body.data;
const rulesSent = ({ id }: Salon): Promise<string[]> =>
  withBusiness(world.db, id, async (tx) => {
    const rows = await tx('messages').where({ direction: 'out' }).orderBy('id').select<{ rule: string }[]>('rule');
    return rows.map(({ rule }) => rule);
  });

describe('a text that no rule reads as an opt-out', () => {
  it.each([ENOUGH, BASTA])('and a model does ends texts like one in a person’s own words: %s', async (body) => {
    expect(readOptOut(body, { askedToResubscribe: false })).toBeNull();
    const salon = await world.aSalon({ now: NOW });
    await write(withJudge(), salon, body);
    expect(await optOuts(salon)).toMatchObject([{ source: 'free_text', statement: body }]);
    const [proof] = await withBusiness(world.db, salon.id, (tx) => tx('optOuts').select<{ evidence: string }[]>('evidence'));
    expect(proof?.evidence).toMatch(/^message [0-9a-f-]{36}, as a model reads it$/);
    expect(await rulesSent(salon)).toEqual(['opt_out_ack']);
  });

  it('and a model does not either waits for a person', async () => {
    const salon = await world.aSalon({ now: NOW });
    const judged = withJudge();
    await write(judged, salon, 'Enough rain! Running late');
    expect(judged.asked).toHaveLength(1);
    expect(await optOuts(salon)).toEqual([]);
    expect(await rulesSent(salon)).toEqual(['handoff']);
  });

  it.each(['error', 'slow', 'rate_limit', 'drop_before_commit'] as const)(
    'is handled without the model when that befalls %s, and counted',
    async (mode) => {
      world.sandbox.faults.put('openai', { mode });
      const salon = await world.aSalon({ now: NOW });
      const counted = async (): Promise<number> => {
        const metric = await world.apiDeps.metrics.registry.getSingleMetricAsString('usher_opt_out_judgements_total');
        return Number(/opinion="no_opinion"} (\d+)/.exec(metric)?.[1] ?? 0);
      };
      const before = await counted();
      await write(withJudge(), salon, ENOUGH);
      expect(await counted()).toBe(before + 1);
      expect(await optOuts(salon)).toEqual([]);
      expect(await rulesSent(salon)).toEqual(['handoff']);
    },
  );

  it('is asked about nobody’s when it is off', async () => {
    const salon = await world.aSalon({ now: NOW });
    await write({ deps: world.apiDeps }, salon, ENOUGH);
    expect(await optOuts(salon)).toEqual([]);
  });
});

describe('a model', () => {
  it('that takes its time is not followed when the person came back in words meanwhile', async () => {
    const salon = await world.aSalon({ now: NOW });
    const optOutJudge = {
      judge: async (): Promise<OptOutOpinion> => {
        await write({ deps: world.apiDeps }, salon, 'START');
        return { kind: 'out' };
      },
    };
    await write({ deps: { ...world.apiDeps, vendors: { ...world.apiDeps.vendors, optOutJudge } } }, salon, ENOUGH);
    expect(await optOuts(salon)).toEqual([]);
  });

  it('is not asked when an event is only tried out', async () => {
    const judged = withJudge({ kind: 'out' });
    const salon = await world.aSalon({ now: NOW });
    const fields = { From: salon.contactPhone, To: salon.number, Body: ENOUGH, MessageSid: newSid(), SmsStatus: 'received' };
    const { keyId, bytes } = world.apiDeps.encryption.seal(
      JSON.stringify({ url: '/webhooks/twilio/messages', body: new URLSearchParams(fields).toString() }),
      SEALED_AS,
    );
    const event = { id: newId(), provider: 'twilio', eventId: newId(), kind: 'message', payload: bytes, keyId };
    expect(await tryOut(judged.deps, event)).toEqual({ outcome: 'processed', error: null });
    expect(judged.asked).toEqual([]);
  });

  it('never overrules what the rules read, and is not even asked', async () => {
    const judged = withJudge({ kind: 'not_out' });
    const salon = await world.aSalon({ now: NOW });
    await write(judged, salon, 'please stop texting me');
    expect(await optOuts(salon)).toHaveLength(1);
    const back = withJudge({ kind: 'out' });
    await write(back, salon, 'START');
    expect((await optOuts(salon)).filter((one) => (one as { lifted_at?: string | null }).lifted_at == null)).toEqual([]);
    expect([...judged.asked, ...back.asked]).toEqual([]);
  });

  it('is not asked about answers, small talk, what a program wrote, or what the carrier acted on', async () => {
    const judged = withJudge({ kind: 'out' });
    const salon = await world.aSalon({ now: NOW });
    for (const body of ['1', 'Yes', 'Do you have parking?', '¿A qué hora abren?']) await write(judged, salon, body);
    await write(judged, salon, { body: 'I have had enough holidays to answer', automatic: true });
    await write(judged, salon, { body: ENOUGH, unverified: true });
    await write(judged, salon, { body: 'enough', answeredByVendor: 'stop' });
    expect(judged.asked).toEqual([]);
  });
});

it('the look before the question lets nearly every labelled revocation of several words through, should the rules ever miss one', () => {
  const revoking = [...readCorpus('tuned'), ...readCorpus('held-out')].filter(({ label, text }) => label === 'out' && text.includes(' '));
  const held = revoking.filter(({ text }) => !mayRevoke(text));
  expect(held.length / revoking.length).toBeLessThan(0.05);
});
