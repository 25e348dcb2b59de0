import { CATALOG } from '../../../domain/templates/catalog';
import { checkTemplate, type OwnWords } from '../../../domain/templates/check';
import type { Template } from '../../../domain/templates/template';
import { spelledPlainly } from '../../../domain/sms-segments';
import { VISIT } from '../../../domain/templates/variables';

const reminder: Omit<Template, 'words'> = { messageClass: 'reminder', variables: VISIT, needsWhen: true, speaksOfOptOut: false };
const marketing: Omit<Template, 'words'> = { ...reminder, messageClass: 'marketing', needsWhen: false };

const GOOD = '{{ business_name }}: see you on {{ when }}.';
const sms = (en: string, es = '{{ business_name }}: nos vemos el {{ when }}.'): OwnWords => ({
  sms: { en: { subject: null, body: en }, es: { subject: null, body: es } },
});
const codesOf = (words: OwnWords, template = reminder) => checkTemplate(template, words).map(({ level, code }) => `${level} ${code}`);

describe('checkTemplate', () => {
  it.each(Object.entries(CATALOG))('finds nothing wrong with the default words of %s', (...[, template]) => {
    const { en, es } = template.words;
    const plain = { ...es.sms, body: spelledPlainly(es.sms.body) }; // as it travels
    expect(checkTemplate(template, { sms: { en: en.sms, es: plain }, email: { en: en.email, es: es.email } })).toEqual([]);
  });

  it('finds nothing wrong with a good text', () => expect(codesOf(sms(GOOD))).toEqual([]));

  it('tells of everything at once, errors first, each with its place', () => {
    const findings = checkTemplate(reminder, {
      sms: { en: { subject: null, body: 'Cita ☀ {{ when }}\n{{ contactName }}' } },
      email: { en: { subject: '', body: 'Hi {{ name' }, es: { subject: 'Su cita', body: '' } },
    });
    expect(findings).toMatchObject([
      {
        level: 'error',
        code: 'unknown_variable',
        channel: 'sms',
        locale: 'en',
        line: 2,
        column: 4,
        found: 'contactName',
        suggestion: '{{ contact_name }}',
      },
      { level: 'error', code: 'missing_language', channel: 'sms', locale: 'es' },
      { level: 'error', code: 'liquid_syntax', channel: 'email', locale: 'en', field: 'body', line: 1, column: 4 },
      { level: 'error', code: 'missing_subject', channel: 'email', locale: 'en', field: 'subject' },
      { level: 'error', code: 'empty_text', channel: 'email', locale: 'es' },
    ]);
  });

  it('wants the business to be named in every text', () =>
    expect(codesOf(sms('See you on {{ when }}.'))).toEqual(['error business_not_named']));

  it('wants to hear how to opt out in a marketing text only', () => {
    expect(codesOf(sms(GOOD, GOOD), marketing)).toEqual(['error opt_out_missing', 'error opt_out_missing']);
    expect(codesOf(sms(`${GOOD} {{ opt_out }}`, `${GOOD} Responda STOP para no recibir mas.`), marketing)).toEqual([]);
  });

  it('refuses to ask for a carrier’s word, in both languages, and shows where', () => {
    const findings = checkTemplate(reminder, sms(`${GOOD}\nReply CANCEL to cancel.`, `${GOOD} Responda CANCELAR para cancelar.`));
    expect(findings).toMatchObject([
      {
        level: 'error',
        code: 'carrier_word_requested',
        locale: 'en',
        found: 'CANCEL',
        line: 2,
        column: 7,
        suggestion: '{{ how_to_confirm }}',
      },
      { level: 'error', code: 'carrier_word_requested', locale: 'es', found: 'CANCELAR' },
    ]);
    expect(codesOf(sms(`${GOOD} {% if link %}Reply{% endif %} CANCEL to cancel.`))).toEqual(['error carrier_word_requested']);
  });

  it('names the characters that double the price, and offers a plain spelling', () => {
    expect(checkTemplate(reminder, sms(GOOD, '{{ business_name }}: le esperará el {{ when }} ☀'))).toMatchObject([
      {
        level: 'warning',
        code: 'non_gsm_characters',
        locale: 'es',
        found: 'á☀',
        suggestion: '{{ business_name }}: le esperara el {{ when }} ☀',
        line: 1,
        column: 32,
      },
    ]);
  });

  it('warns of a text of many segments, and refuses one that the vendor would', () => {
    expect(codesOf(sms(`${GOOD} ${'Please be on time. '.repeat(16)}`))).toEqual(['warning several_segments']);
    expect(codesOf(sms(`${GOOD} ${'x'.repeat(1600)}`))).toEqual(['error too_long']);
    expect(codesOf(sms(`${GOOD} ${'{{address}}'.repeat(140)}`))).toEqual(['error too_long']);
  });

  it('warns of a message about a visit that does not say when, and of addresses that carriers filter', () => {
    expect(codesOf(sms('{{ business_name }}: see you.'))).toEqual(['warning when_missing']);
    expect(codesOf(sms(`${GOOD} https://bit.ly/abc`))).toEqual(['warning shared_short_link']);
  });
});
