import type { ContactChannel, MessageClass } from '../../domain/message';
import { closedChannels, passesSuppression, SUPPRESSION_POLICIES, type OptOut } from '../../domain/suppression';

const BEFORE = '2027-01-30T23:59:59.999Z';
const AFTER = '2027-01-31T00:00:00.000Z';
const said = (channel: ContactChannel, more: Partial<OptOut> = {}): OptOut => ({ channel, scope: 'automated', reopened: [], ...more });
const closed = (optOuts: OptOut[], messageClass: MessageClass = 'reminder', now = BEFORE): ContactChannel[] =>
  closedChannels(optOuts, { messageClass, now }).sort();

describe('closedChannels', () => {
  it('ends texts and calls of an artificial voice at once when somebody texts STOP, and leaves e-mail and WhatsApp alone', () => {
    expect(closed([said('sms')])).toEqual(['sms', 'voice']);
    expect(closed([said('voice')])).toEqual(['sms', 'voice']);
  });

  it('ends every automated call and text from 31 January 2027 on, also for who said so before', () => {
    expect(closed([said('sms')], 'notice', AFTER)).toEqual(['sms', 'voice', 'whatsapp']);
    expect(closed([said('whatsapp')], 'notice', BEFORE)).toEqual(['voice', 'whatsapp']);
    expect(closed([said('whatsapp')], 'notice', AFTER)).toEqual(['sms', 'voice', 'whatsapp']);
  });

  it('keeps e-mail apart: nothing said there ends texts, nothing texted ends e-mail', () => {
    expect(closed([said('email')], 'reminder', AFTER)).toEqual(['email']);
    expect(closed([said('sms')], 'reminder', AFTER)).not.toContain('email');
  });

  it("lets a visit's own e-mail go on after an unsubscribe from advertising", () => {
    const unsubscribed = [said('email', { scope: 'marketing' })];
    expect(closed(unsubscribed, 'marketing')).toEqual(['email']);
    expect(closed(unsubscribed, 'review')).toEqual(['email']);
    expect(closed(unsubscribed, 'reminder')).toEqual([]);
    expect(closed(unsubscribed, 'notice')).toEqual([]);
  });

  it('opens again just what the person asked for', () => {
    expect(closed([said('whatsapp', { reopened: ['sms'] })], 'reminder', AFTER)).toEqual(['voice', 'whatsapp']);
    expect(closed([said('whatsapp', { reopened: ['sms'] }), said('sms')], 'reminder', AFTER)).toEqual(['sms', 'voice', 'whatsapp']);
  });

  it('never concerns staff', () => {
    expect(closed([said('sms')], 'staff')).toEqual([]);
  });

  it('names a source and a date of checking for every rule of scope, and closes at least the channel itself', () => {
    for (const { said: channels, ends, source, checkedAt } of SUPPRESSION_POLICIES) {
      expect(source).not.toBe('');
      expect(checkedAt).toMatch(/^\d{4}-\d{2}$/);
      expect(channels.every((channel) => ends.includes(channel))).toBe(true);
    }
    for (const channel of ['sms', 'whatsapp', 'email', 'voice'] as const) expect(closed([said(channel)])).toContain(channel);
  });
});

describe('passesSuppression', () => {
  it('lets the one confirmation of an opt-out and HELP through', () => {
    expect(passesSuppression({ messageClass: 'reply', rule: 'opt_out_ack' })).toBe(true);
    expect(passesSuppression({ messageClass: 'reply', rule: 'help' })).toBe(true);
    expect(passesSuppression({ messageClass: 'reply', rule: 'handoff' })).toBe(false);
    expect(passesSuppression({ messageClass: 'notice', rule: 'help' })).toBe(false);
  });
});
