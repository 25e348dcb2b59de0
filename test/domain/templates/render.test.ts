import fc from 'fast-check';
import type { Channel, Locale, TemplateRule } from '../../../domain/message';
import { smsSegments } from '../../../domain/sms-segments';
import { renderMessage, type RenderedMessage } from '../../../domain/templates/render';
import type { MessageVars } from '../../../domain/templates/vars';

// A record, so that a new rule without a place here does not compile. True: it speaks about one visit.
const RULES: Record<TemplateRule, boolean> = {
  confirmation: true,
  '7d': true,
  '3d': true,
  '1d': true,
  '2h': true,
  change_notice: true,
  cancellation_notice: true,
  no_show_followup: true,
  staff_new_booking: true,
  staff_change: true,
  staff_cancellation: true,
  staff_cancel_question: true,
  staff_daily_schedule: true,
  confirm_ack: true,
  which_visit: false,
  reschedule_link: true,
  opt_out_ack: false,
  opt_in_ack: false,
  help: false,
  handoff: false,
  waitlist_offer: true,
  waitlist_lost: true,
  waitlist_removed: false,
  waitlist_decline_ack: false,
  cadence_never_answered_1: false,
  cadence_never_answered_2: false,
  cadence_never_answered_3: false,
  cadence_no_show_1: false,
  cadence_no_show_2: false,
  cadence_winback_1: false,
  cadence_winback_2: false,
};
const ALL_RULES = Object.keys(RULES) as TemplateRule[];
const ASKING: TemplateRule[] = ['confirmation', '7d', '3d', '1d', '2h', 'change_notice'];
const LOCALES: Locale[] = ['en', 'es'];
const CHANNELS: Channel[] = ['sms', 'email'];

const when = 'Tue, Mar 16 at 10:00 AM';
const full: MessageVars = {
  businessName: 'Bella Salon',
  contactName: 'Ana',
  staffName: 'Marco',
  serviceName: 'Haircut',
  locationName: 'Main Street',
  address: '12 Main St, New York',
  phone: '(212) 555-0100',
  when,
  oldWhen: 'Mon, Mar 15 at 9:00 AM',
  link: 'https://bella.example/a/k3j4h5?x=1&y=2',
  icsLink: 'https://bella.example/a/k3j4h5.ics',
  askConfirm: true,
  firstMessage: true,
  visits: [
    { when: 'Tue, Mar 16 at 10:00 AM', serviceName: 'Haircut' },
    { when: 'Thu, Mar 18 at 3:00 PM', serviceName: 'Color', staffName: 'Zoe' },
  ],
};
const bare: MessageVars = { businessName: 'Bella Salon', when };
const nulls: MessageVars = {
  ...bare,
  contactName: null,
  staffName: null,
  serviceName: null,
  locationName: null,
  address: null,
  phone: null,
  oldWhen: null,
  link: null,
  icsLink: null,
};

const sms = (rule: TemplateRule, vars: MessageVars, locale: Locale = 'en') => renderMessage({ rule, channel: 'sms', locale, vars }).text;
function email(rule: TemplateRule, vars: MessageVars, locale: Locale = 'en') {
  const rendered = renderMessage({ rule, channel: 'email', locale, vars });
  if (rendered.channel !== 'email') throw new Error('not an e-mail');
  return rendered;
}

const cases = ALL_RULES.flatMap((rule) => LOCALES.flatMap((locale) => CHANNELS.map((channel) => ({ rule, locale, channel }))));

/** All that it says; the HTML says the same as the text (below). */
const wordsOf = (rendered: RenderedMessage): string =>
  rendered.channel === 'email' ? `${rendered.subject}\n${rendered.text}` : rendered.text;

describe('renderMessage', () => {
  describe.each(cases)('$rule by $channel in $locale', ({ rule, locale, channel }) => {
    const versions = [full, bare, nulls, { ...full, visits: [] }].map((vars) => wordsOf(renderMessage({ rule, channel, locale, vars })));

    it('says nothing of what it does not know', () => {
      for (const text of versions) expect(text).not.toMatch(/undefined|null|NaN|\[object|\(\)|: \.|, \.|:\s*$| {2}/);
    });

    it('names the business', () => {
      for (const text of versions) expect(text).toContain('Bella Salon');
    });

    it('never asks for a carrier’s word as an answer to a reminder', () => {
      for (const text of versions) expect(text).not.toMatch(/\b(reply|text|send|responda|env[ií]e)\b[^.?]*\bcancel/i);
    });
  });

  it.each(ALL_RULES.flatMap((rule) => LOCALES.map((locale) => [rule, locale] as const)))(
    'keeps the text of %s in %s in GSM-7 and in two segments',
    (rule, locale) => {
      const { encoding, segments } = smsSegments(sms(rule, { ...full, when: locale === 'en' ? when : 'sáb 20 mar, 10:00' }, locale));
      expect({ encoding, short: segments <= 2 }).toEqual({ encoding: 'GSM-7', short: true });
    },
  );

  it('writes a confirmation that identifies the business and says how to opt out', () => {
    expect(sms('confirmation', { ...full, askConfirm: false })).toBe(
      'Bella Salon: Hi Ana. Your visit is booked for Tue, Mar 16 at 10:00 AM: Haircut with Marco, Main Street. Reply STOP to opt out. Details or changes: https://bella.example/a/k3j4h5?x=1&y=2',
    );
    expect(sms('confirmation', { ...full, when: 'mar 16 mar, 10:00', link: null }, 'es')).toBe(
      'Bella Salon: Hola, Ana. Su cita queda reservada para el mar 16 mar, 10:00: Haircut con Marco, Main Street. Responda 1 o C para confirmar, 2 o R para cambiarla. Responda STOP para no recibir mas.',
    );
  });

  it.each(ASKING)('asks for confirmation in %s only while the visit is not confirmed', (rule) => {
    expect(sms(rule, full)).toContain('Reply 1 or C to confirm, 2 or R to reschedule.');
    expect(sms(rule, { ...full, askConfirm: false })).not.toContain('confirm,');
    expect(sms(rule, full, 'es')).toContain('Responda 1 o C para confirmar, 2 o R para cambiarla.');
    expect(email(rule, full).text).toContain('Confirm or change your visit: https://bella.example');
    expect(email(rule, { ...full, askConfirm: false }).text).toContain('Details or changes: https://bella.example');
    expect(email(rule, { ...full, link: null }).text).toContain('To confirm your visit, please call (212) 555-0100.');
  });

  it.each(ALL_RULES.filter((rule) => !ASKING.includes(rule)))('asks nobody to confirm in %s', (rule) => {
    expect(sms(rule, full)).not.toContain('1 or C');
  });

  it('says how to opt out only in the first message', () => {
    expect(sms('7d', full)).toContain('Reply STOP to opt out.');
    expect(sms('7d', { ...full, firstMessage: false })).not.toContain('STOP');
    expect(sms('7d', full, 'es')).toContain('Responda STOP para no recibir mas.');
  });

  it('does not tell somebody who has just opted out how to opt out', () => {
    expect(sms('opt_out_ack', full)).toBe('Bella Salon: You will get no more automatic messages from us. Reply START to get them again.');
  });

  it('answers HELP with the business, a number to call and the way out', () => {
    expect(sms('help', full)).toMatch(/^Bella Salon: .*\(212\) 555-0100\. Reply STOP to opt out\. Message and data rates may apply\.$/);
  });

  it('names the old time of a visit that moved, and only the new one when something else changed', () => {
    expect(sms('change_notice', full)).toContain(
      'Your visit has moved from Mon, Mar 15 at 9:00 AM to Tue, Mar 16 at 10:00 AM: Haircut with Marco',
    );
    expect(sms('change_notice', { ...full, oldWhen: null })).toContain('It is now on Tue, Mar 16 at 10:00 AM: Haircut with Marco');
  });

  it('numbers the visits to choose from', () => {
    expect(sms('which_visit', { ...full, firstMessage: false })).toBe(
      'Bella Salon: Which visit do you mean? 1) Tue, Mar 16 at 10:00 AM, Haircut; 2) Thu, Mar 18 at 3:00 PM, Color with Zoe. Reply C and its number to confirm (C1), R and its number to reschedule (R1).',
    );
  });

  it('lists a day for staff, and says when it is empty', () => {
    const visits = [{ when: '10:00 AM', contactName: 'Ana', serviceName: 'Haircut' }];
    expect(sms('staff_daily_schedule', { businessName: 'Bella Salon', when: 'Tue, Mar 16', visits })).toBe(
      'Bella Salon: Schedule for Tue, Mar 16: 10:00 AM, Ana, Haircut.',
    );
    expect(email('staff_daily_schedule', { businessName: 'Bella Salon', when: 'Tue, Mar 16', visits }).text).toContain(
      '- 10:00 AM, Ana, Haircut',
    );
    expect(sms('staff_daily_schedule', { businessName: 'Bella Salon', when: 'Tue, Mar 16' })).toBe(
      'Bella Salon: No visits on Tue, Mar 16.',
    );
  });

  it('names neither service nor staff when the practice must not', () => {
    expect(sms('1d', { ...full, serviceName: null, staffName: null, askConfirm: false, firstMessage: false, link: null })).toBe(
      'Bella Salon: Hi Ana. A reminder of your visit on Tue, Mar 16 at 10:00 AM: Main Street.',
    );
  });

  it('keeps a text within what the vendor takes, whatever the names', () => {
    const long = 'W'.repeat(3000);
    const visits = Array.from({ length: 40 }, () => ({ when, contactName: long, serviceName: long, staffName: long }));
    const huge = { ...full, businessName: long, contactName: long, staffName: long, serviceName: long, locationName: long, visits };
    for (const rule of ALL_RULES) for (const locale of LOCALES) expect(sms(rule, huge, locale).length).toBeLessThanOrEqual(1600);
    expect(sms('staff_daily_schedule', huge)).toContain('and 32 more');
  });

  it.each(ALL_RULES.filter((rule) => RULES[rule]))('refuses to write %s without saying when', (rule) => {
    for (const channel of CHANNELS)
      expect(() => renderMessage({ rule, channel, locale: 'en', vars: { businessName: 'Bella Salon' } })).toThrow(RangeError);
  });
});

describe('renderMessage for e-mail', () => {
  it('says the same in text and HTML', () => {
    const { subject, text, html } = email('confirmation', full);
    expect(subject).toBe('Your visit is booked: Tue, Mar 16 at 10:00 AM');
    expect(text).toBe(
      [
        'Hi Ana,',
        'Your visit is booked for Tue, Mar 16 at 10:00 AM.',
        'When: Tue, Mar 16 at 10:00 AM\nService: Haircut\nWith: Marco\nWhere: Main Street, 12 Main St, New York',
        'Confirm or change your visit: https://bella.example/a/k3j4h5?x=1&y=2',
        'Add to your calendar: https://bella.example/a/k3j4h5.ics',
        'Bella Salon\nPhone: (212) 555-0100\n',
      ].join('\n\n'),
    );
    expect(html).toContain('<a href="https://bella.example/a/k3j4h5?x=1&amp;y=2"');
    expect(html).toMatch(/>\s*Confirm or change your visit\s*<\/a>/);
    expect(html).toContain('<li><strong>Service:</strong> Haircut</li>');
  });

  it.each(LOCALES)('tells a screen reader its language, its title and one heading (%s)', (locale) => {
    const { html, subject } = email('1d', full, locale);
    expect(html).toContain(`<html lang="${locale}"`);
    expect(html).toContain(`<title>${subject}</title>`);
    expect(html.match(/<h1/g)).toHaveLength(1);
  });

  it('keeps proper Spanish spelling, which costs nothing here', () => {
    expect(email('opt_out_ack', full, 'es').text).toContain('Ya no recibirá nuestros mensajes automáticos.');
  });

  it('shows a link that is no web address instead of linking it', () => {
    expect(email('confirmation', { ...full, link: 'javascript:alert(1)' }).html).not.toContain('href="javascript');
  });

  const nasty = fc.string({
    unit: fc.constantFrom('<', '>', '"', "'", '&', 'a', ' ', '\n', '\r', '\0', '{', '😀', 'script'),
    minLength: 1,
    maxLength: 30,
  });

  it('escapes every variable and keeps the subject on one line', () => {
    fc.assert(
      fc.property(fc.constantFrom(...ALL_RULES), fc.constantFrom(...LOCALES), nasty, (...[rule, locale, value]) => {
        const visits = [{ when: value, contactName: value, serviceName: value, staffName: value }];
        const names = {
          businessName: value,
          contactName: value,
          staffName: value,
          serviceName: value,
          locationName: value,
          address: value,
          phone: value,
        };
        const vars = { ...full, ...names, when: `x${value}`, oldWhen: value, link: `https://e.example/${value}`, icsLink: value, visits };
        const { subject, html } = email(rule, vars, locale);
        expect(subject).not.toMatch(/\p{Cc}/u);
        // The same letter with harmless values has the same tags, quotation marks and, but for ours, ampersands.
        const harmless = JSON.parse(JSON.stringify(vars).replace(/\\"|[<>'&]/g, 'a')) as MessageVars;
        const shape = (letter: string): string => letter.replace(/&(amp|lt|gt|quot|#39);/g, '').replace(/[^<>"'&]/g, '');
        expect(shape(html)).toBe(shape(email(rule, harmless, locale).html));
      }),
    );
  });
});
