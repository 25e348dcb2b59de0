import fc from 'fast-check';
import { checkTemplate } from '../../../domain/templates/check';
import { renderTemplate, SMS_LENGTH } from '../../../domain/templates/render';
import type { Frame } from '../../../domain/templates/template';
import { VARIABLES, type VariableName } from '../../../domain/templates/variables';
import type { MessageVars } from '../../../domain/templates/vars';

const names = Object.keys(VARIABLES) as VariableName[];
const frame: Frame = { messageClass: 'notice', variables: names, needsWhen: false, speaksOfOptOut: false };

/** Anything a person may write, most of it Liquid, some of it wrong. */
const name = fc.constantFrom(...names, 'nobody', 'visit.size', '[link]', 'blank', 'true', '"text"', '7', '(1..9)', '(when..99999999)');
const filter = fc.constantFrom(
  '',
  ' | upcase',
  ' | capitalize',
  ' | default: "x"',
  ' | default: when',
  ' | strip',
  ' | raw',
  ' | size',
  ' | upcase: 1',
);
const operator = fc.constantFrom(' == ', ' != ', ' > ', ' <= ', ' contains ', ' and ', ' or ');
const words = fc.constantFrom(
  'Hi ',
  '\n',
  '- ',
  '[go](',
  ')',
  '<b>',
  '&',
  'á',
  '😀',
  ' {% ',
  '}}',
  'STOP ',
  '\ue028',
  '\uf000',
  '{{business_name}} ',
);
const output = fc.tuple(name, filter).map(([variable, filtered]) => `{{ ${variable}${filtered} }}`);
const condition = fc.oneof(
  name,
  fc.tuple(name, operator, name).map((parts) => parts.join('')),
);
const { piece } = fc.letrec<{ piece: string }>((tie) => ({
  piece: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    words,
    output,
    fc.tuple(condition, tie('piece'), tie('piece')).map(([asked, one, two]) => `{% if ${asked} %}${one}{% else %}${two}{% endif %}`),
    fc.tuple(name, name, tie('piece')).map(([of, is, one]) => `{% case ${of} %}{% when ${is} %}${one}{% endcase %}`),
  ),
}));
const source = fc.array(piece, { minLength: 1, maxLength: 8 }).map((pieces) => `{{ business_name }} ${pieces.join('')}`);

const HOSTILE = [
  '{{ link }}',
  '{% if x %}',
  '[go](https://evil.example)',
  '<script>alert(1)</script>',
  '"onload="x',
  '- item',
  '\n\n',
  '\uf000\ue028',
  '😀',
  'Ñandú',
  '',
];
const value = fc.option(fc.oneof(fc.constantFrom(...HOSTILE), fc.string({ unit: 'binary', maxLength: 60 })), { nil: null });
const vars = fc.record<MessageVars>({
  businessName: fc.oneof(fc.constant('Bella'), fc.constantFrom(...HOSTILE)),
  contactName: value,
  staffName: value,
  serviceName: value,
  locationName: value,
  address: value,
  phone: value,
  when: value,
  oldWhen: value,
  link: value,
  icsLink: value,
  askConfirm: fc.boolean(),
  firstMessage: fc.boolean(),
  visits: fc.array(fc.record({ when: fc.constantFrom(...HOSTILE), contactName: value }), { maxLength: 12 }),
});

const errorsOf = (channel: 'sms' | 'email', body: string, subject: string | null) =>
  checkTemplate(frame, { [channel]: { en: { subject, body }, es: { subject, body } } }).filter(({ level }) => level === 'error');

describe('wording that passed the check', () => {
  it('makes a text for any contact and any visit, no longer than the vendor takes', () => {
    fc.assert(
      fc.property(source, vars, (...[body, facts]) => {
        fc.pre(errorsOf('sms', body, null).length === 0);
        const { text } = renderTemplate({
          template: frame,
          source: { subject: null, body },
          own: true,
          channel: 'sms',
          locale: 'en',
          vars: facts,
        });
        expect(text.length).toBeLessThanOrEqual(SMS_LENGTH);
        expect(text).not.toMatch(/\p{Co}/u);
      }),
      { numRuns: 100 },
    );
  });

  it('makes a letter whose HTML holds our own elements only, and no link but those that it writes', () => {
    fc.assert(
      fc.property(source, source, vars, (...[subject, body, facts]) => {
        fc.pre(errorsOf('email', body, subject).length === 0);
        const letter = renderTemplate({
          template: frame,
          source: { subject, body },
          own: true,
          channel: 'email',
          locale: 'es',
          vars: facts,
        });
        if (letter.channel !== 'email') throw new Error('not a letter');
        expect(letter.subject).not.toMatch(/[\p{Cc}\p{Co}]/u);
        const tags = letter.html
          .slice(letter.html.indexOf('<h1')) // what comes before is the shell, and the subject, escaped as below
          .replace(/<!--[\s\S]*?-->|<style[^>]*>[\s\S]*?<\/style>/g, '') // the shell's, for Outlook and for the dark
          .replace(
            /<\/?(html|head|meta|title|body|div|table|tbody|tr|td|h1|p|ul|li|strong|a|br)(\s+[\w:-]+="[^"<>]*")*\s*\/?>|<!doctype html>/g,
            '',
          );
        expect(tags).not.toMatch(/[<>]/);
        if (!body.includes('](')) expect(letter.html).not.toContain('<a ');
      }),
      { numRuns: 100 },
    );
  });

  it('never reads what a variable holds as Liquid', () => {
    fc.assert(
      fc.property(fc.constantFrom(...names), (variable) => {
        const body = `{{ business_name }} {{ ${variable} }}`;
        const hostile = '{{ phone }}{% if phone %}';
        const facts = {
          businessName: hostile,
          contactName: hostile,
          staffName: hostile,
          serviceName: hostile,
          locationName: hostile,
          address: hostile,
        };
        const filled = { ...facts, when: hostile, oldWhen: hostile, link: hostile, icsLink: hostile, phone: 'SECRET', firstMessage: true };
        const { text } = renderTemplate({
          template: frame,
          source: { subject: null, body },
          own: true,
          channel: 'sms',
          locale: 'en',
          vars: filled,
        });
        if (variable !== 'phone') expect(text).not.toContain('SECRET');
      }),
    );
  });
});
