import fc from 'fast-check';
import type { PlanOutcome, Reach } from '../../domain/appointment-facts';
import { nextChannel } from '../../domain/delivery-route';
import type { Channel, MessageStatus, Reason } from '../../domain/message';

const ORDER: Channel[] = ['whatsapp', 'sms', 'email'];

type Ending = { status: MessageStatus; reason: Reason | null };
const REFUSALS: Ending[] = [
  { status: 'failed', reason: null },
  { status: 'failed', reason: 'channel_unusable' },
  { status: 'skipped', reason: 'whatsapp_no_template' },
  { status: 'skipped', reason: 'whatsapp_marketing_us' },
];
const ACCEPTED: Ending[] = [
  { status: 'sent', reason: null },
  { status: 'delivered', reason: null },
  { status: 'unknown', reason: null },
];
const ending = fc.constantFrom(...REFUSALS, ...ACCEPTED);
const state = fc.constantFrom<'ok' | Reason | undefined>('ok', 'no_consent', 'suppressed', 'channel_unusable', undefined);
const reach = fc
  .record({ whatsapp: state, sms: state, email: state })
  .map((states) => Object.fromEntries(Object.entries(states).filter(([, one]) => one)) as Reach);

const row = (channel: Channel, { status, reason }: Ending): PlanOutcome => ({
  ...{ rule: 'handoff', channel, recipientId: 'c', scheduleVersion: 0, change: null, status, reason, settled: true },
});

/** The channels on which a message was tried, one after the other, until it was accepted or nothing is left. */
function tried(first: Channel, { reach: open, endings }: { reach: Reach; endings: Record<Channel, Ending> }): PlanOutcome[] {
  const rows = [row(first, endings[first])];
  for (let step = 0; step < 10; step += 1) {
    const way = nextChannel({ rule: 'handoff', first, reach: open, rows });
    if (!way) return rows;
    rows.push(row(way.channel, endings[way.channel]));
  }
  throw new Error('it never ends');
}

describe('a message outside any visit, whatever the vendors say', () => {
  const cases = fc.record({ reach, endings: fc.record({ whatsapp: ending, sms: ending, email: ending }) });

  it('goes WhatsApp, text, e-mail, each once, only over open channels, and is accepted by one at most', () => {
    fc.assert(
      fc.property(fc.constantFrom(...ORDER), cases, (first, given) => {
        const rows = tried(first, given);
        const channels = rows.map(({ channel }) => channel);
        expect(channels).toEqual([...channels].sort((a, b) => ORDER.indexOf(a) - ORDER.indexOf(b)));
        expect(new Set(channels).size).toBe(channels.length);
        for (const channel of channels.slice(1)) expect(given.reach[channel]).toBe('ok');
        const accepted = rows.filter(({ status }) => ACCEPTED.some((end) => end.status === status));
        expect(accepted.length).toBeLessThanOrEqual(1);
        // Nothing follows what was, or may have been, accepted.
        if (accepted.length === 1) expect(rows.at(-1)).toBe(accepted[0]);
      }),
    );
  });

  it('leaves no open channel untried while all refuse', () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...ORDER),
        fc.record({ reach, refusal: fc.constantFrom(...REFUSALS) }),
        (first, { reach: open, refusal }) => {
          const rows = tried(first, { reach: open, endings: { whatsapp: refusal, sms: refusal, email: refusal } });
          const after = ORDER.slice(ORDER.indexOf(first) + 1).filter((channel) => open[channel] === 'ok');
          expect(rows.map(({ channel }) => channel)).toEqual([first, ...after]);
        },
      ),
    );
  });

  it('goes in the order of its own channels, where it has one', () => {
    const order = ['sms', 'whatsapp', 'email'] as const;
    const reach: Reach = { sms: 'ok', whatsapp: 'ok', email: 'ok' };
    const rows = [row('sms', { status: 'failed', reason: null })];
    expect(nextChannel({ rule: 'waitlist_offer', first: 'sms', reach, rows, order })).toMatchObject({ channel: 'whatsapp' });
    expect(nextChannel({ rule: 'handoff', first: 'sms', reach, rows })).toMatchObject({ channel: 'email' });
  });

  it('that answers STOP, START or HELP takes no other channel', () => {
    for (const rule of ['opt_out_ack', 'opt_in_ack', 'help'] as const)
      expect(
        nextChannel({ rule, first: 'sms', reach: { sms: 'ok', email: 'ok' }, rows: [row('sms', { status: 'failed', reason: null })] }),
      ).toBeNull();
  });
});
