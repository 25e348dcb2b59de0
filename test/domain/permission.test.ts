import { decisionOf } from '../../domain/decision';
import { CALLS_PER_DAY, CALLS_PER_MIN, CONTACT_CAP, gate } from '../../domain/gate';
import type { MessageClass, Purpose, ContactChannel } from '../../domain/message';
import { gateFactsOf, purposeOf, type PermissionAsked, type PermissionFacts } from '../../domain/permission';
import { DEFAULT_QUIET_HOURS } from '../../domain/quiet-hours';
import { reachOf } from '../../domain/reach';
import { STATE_RULES_VERSION } from '../../domain/state-rules';

const NOON = '2026-06-10T16:00:00.000Z';

const ana = (more: Partial<PermissionFacts> = {}): PermissionFacts => ({
  business: {
    status: 'active',
    quiet: DEFAULT_QUIET_HOURS,
    fromNumber: '+12125550100',
    senderRegistration: null,
    onWhatsApp: false,
    postalAddressKnown: true,
  },
  settings: { international: 'visits', trialOutbound: true },
  contact: { phone: '+12125550123', email: 'ana@example.com', whatsapp: '+12125550123', zone: null, postalCode: null },
  unusable: [],
  optOuts: [],
  consents: [
    { channel: 'sms', purpose: 'service' },
    { channel: 'email', purpose: 'service' },
  ],
  onOwnDncList: false,
  dncCheck: 'off',
  contactCap: { used: 0, limit: CONTACT_CAP, freesAt: null },
  callsPerMin: { used: 0, limit: CALLS_PER_MIN, freesAt: null },
  callsPerDay: { used: 0, limit: CALLS_PER_DAY, freesAt: null },
  written: [],
  ...more,
});
const asked = (more: Partial<PermissionAsked> = {}): PermissionAsked => ({
  now: NOON,
  notAfter: '2026-06-11T16:00:00.000Z',
  rule: null,
  messageClass: 'reminder',
  channel: 'sms',
  causedAt: null,
  spreadKey: 'a',
  ...more,
});
const ask = (facts: PermissionFacts, more: Partial<PermissionAsked> = {}) => gate(gateFactsOf(facts, asked(more)));
const agreed = (channel: ContactChannel, purpose: Purpose) => ana({ consents: [{ channel, purpose }] });

describe('What may be sent to a person', () => {
  it.each<[MessageClass, Purpose]>([
    ['notice', 'service'],
    ['reminder', 'service'],
    ['review', 'service'],
    ['marketing', 'marketing'],
    ['call', 'ai_voice'],
  ])('needs for a %s consent to %s', (messageClass, purpose) => {
    expect(purposeOf(messageClass)).toBe(purpose);
    const channel = messageClass === 'call' ? 'voice' : 'sms';
    expect(ask(agreed(channel, purpose), { messageClass, channel })).toEqual({ kind: 'send' });
    expect(ask(ana({ consents: [] }), { messageClass, channel })).toEqual({ kind: 'skip', reason: 'no_consent' });
  });

  it('never calls somebody who agreed to texts, nor markets to somebody who agreed to reminders (R25)', () => {
    const everythingButCalls = ana({
      consents: (['service', 'marketing'] as const).flatMap((purpose) =>
        (['sms', 'email', 'whatsapp', 'voice'] as const).map((channel) => ({ channel, purpose })),
      ),
    });
    expect(ask(everythingButCalls, { messageClass: 'call', channel: 'voice' })).toEqual({ kind: 'skip', reason: 'no_consent' });
    expect(ask(ana(), { messageClass: 'marketing' })).toEqual({ kind: 'skip', reason: 'no_consent' });
    expect(ask(agreed('email', 'marketing'), { messageClass: 'marketing' })).toEqual({ kind: 'skip', reason: 'no_consent' });
  });

  it('takes a number for abroad when it is of another country than the own sender, and a toll-free one for at home', () => {
    const to = (phone: string, fromNumber: string | null = '+12125550100') => {
      const facts = ana({ contact: { phone, email: null, whatsapp: null, zone: null, postalCode: null } });
      return gateFactsOf({ ...facts, business: { ...facts.business, fromNumber } }, asked()).abroad;
    };
    expect([to('+12125550123'), to('+17875550123'), to('+18005550123'), to('+12125550123', null)]).toEqual([false, false, false, false]);
    expect([to('+525555550123'), to('+34915550123'), to('+18765550123'), to('+14165550123')]).toEqual([true, true, true, true]);
    expect(to('+525555550123', '+525555550100')).toBe(false);
  });

  it('holds a text while the own number may not text yet, and only a text', () => {
    const facts = ana();
    const held = { ...facts, business: { ...facts.business, senderRegistration: 'pending' as const } };
    expect(ask(held)).toEqual({ kind: 'hold', reason: 'registration_pending' });
    expect(ask(held, { channel: 'email' })).toEqual({ kind: 'send' });
    const approved = { ...facts, business: { ...facts.business, senderRegistration: 'approved' as const } };
    expect(ask(approved)).toEqual({ kind: 'send' });
  });

  it('keeps trials from calling out only where the business says so', () => {
    const call = { messageClass: 'call', channel: 'voice', forTrial: true } as const;
    const facts = agreed('voice', 'ai_voice');
    expect(ask(facts, call)).toEqual({ kind: 'send' });
    const off = { ...facts, settings: { ...facts.settings, trialOutbound: false } };
    expect(ask(off, call)).toEqual({ kind: 'skip', reason: 'trial_outbound_disabled' });
    expect(ask(off, { ...call, forTrial: false })).toEqual({ kind: 'send' });
  });
});

describe('reachOf', () => {
  const reach = (facts: PermissionFacts, now = NOON) => reachOf(facts, { messageClass: 'reminder', now });

  it('is the gate’s own judgement of each address, whatever the hour and the caps', () => {
    const full = { used: 3, limit: 3, freesAt: null };
    expect(reach(ana({ contactCap: full }), '2026-06-11T06:00:00.000Z')).toEqual({ sms: 'ok', email: 'ok' });
    expect(reach(ana({ optOuts: [{ channel: 'sms', scope: 'automated', reopened: [] }] }))).toEqual({
      sms: 'suppressed',
      email: 'ok',
    });
    expect(reach(ana({ onOwnDncList: true, unusable: ['email'] }))).toEqual({ sms: 'dnc', email: 'channel_unusable' });
    expect(reach(ana({ consents: [] }))).toEqual({ sms: 'no_consent', email: 'no_consent' });
  });

  it('names only channels for which there is an address', () => {
    expect(reach(ana({ contact: { phone: null, email: null, whatsapp: null, zone: null, postalCode: null } }))).toEqual({});
  });
});

describe('A decision', () => {
  it('is kept with all that was seen and the versions of the rules, and tells nothing of who it is about', () => {
    const facts = gateFactsOf(ana(), asked({ rule: '1d', spreadKey: 'ana' }));
    const decision = decisionOf(gate(facts), facts);
    expect(decision).toMatchObject({ at: NOON, answer: 'send', reason: null, until: null, rules: { stateHours: STATE_RULES_VERSION } });
    expect(Object.keys(decision.facts).sort()).toEqual(
      Object.keys(facts)
        .filter((name) => name !== 'now' && name !== 'spreadKey')
        .sort(),
    );
    const text = JSON.stringify(decision);
    for (const personal of ['5550123', 'ana@', '"ana"']) expect(text).not.toContain(personal);
  });

  it('names reason and instant of what waits', () => {
    const facts = gateFactsOf(ana(), asked({ now: '2026-06-10T06:00:00.000Z' }));
    expect(decisionOf(gate(facts), facts)).toMatchObject({
      answer: 'defer',
      reason: 'quiet_hours',
      until: expect.stringMatching(/^2026-06-10T12:0/),
    });
  });
});
