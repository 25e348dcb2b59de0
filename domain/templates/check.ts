import type { Locale } from '../message';
import { beyondGsm7, smsSegments, spelledPlainly } from '../sms-segments';
import { carrierWordsAsked } from './carrier-words';
import { liquidMistakes, literalOf, SOURCE_LIMIT, variablesIn } from './liquid';
import { fullText, SMS_LENGTH } from './render';
import type { Frame, TextSource } from './template';
import { EXAMPLE } from './variables';

export const MEDIA = ['sms', 'email'] as const;
export const LOCALES = ['en', 'es'] as const satisfies Locale[];
export type Medium = (typeof MEDIA)[number];

/** What a business would like to say: a medium that it leaves out keeps the default. */
export type OwnWords = Partial<Record<Medium, Partial<Record<Locale, TextSource>>>>;

export const FINDING_CODES = [
  'liquid_syntax',
  'unknown_variable',
  'missing_language',
  'missing_subject',
  'empty_text',
  'too_long',
  'opt_out_missing',
  'carrier_word_requested',
  'business_not_named',
  'when_missing',
  'non_gsm_characters',
  'several_segments',
  'shared_short_link',
] as const;
export type FindingCode = (typeof FINDING_CODES)[number];

/** One thing about one place of a template. An error keeps it from being saved, a warning does not. Line and column count from 1, of the Liquid source. */
export type Finding = {
  level: 'error' | 'warning';
  code: FindingCode;
  channel: Medium;
  locale: Locale;
  field: 'subject' | 'body';
  line: number | null;
  column: number | null;
  /** What stands there. */
  found: string | null;
  /** What could stand there instead. */
  suggestion: string | null;
};

/** More are dear, and carriers split them; the defaults need two at most. */
const MANY_SEGMENTS = 2;

type Place = Pick<Finding, 'channel' | 'locale'>;
type Written = Place & { template: Frame; source: TextSource };

/** Everything wrong with a template, all at once; errors first. */
export function checkTemplate(template: Frame, words: OwnWords): Finding[] {
  const findings = MEDIA.flatMap((channel) => {
    const languages = words[channel];
    if (!languages) return [];
    return LOCALES.flatMap((locale) => {
      const source = languages[locale];
      return source ? checkText({ channel, locale, template, source }) : [finding({ channel, locale }, 'missing_language')];
    });
  });
  return [...findings.filter(({ level }) => level === 'error'), ...findings.filter(({ level }) => level === 'warning')];
}

function checkText(written: Written): Finding[] {
  const { source, channel } = written;
  const broken = [...liquidOf(written, 'body'), ...(channel === 'email' ? [...liquidOf(written, 'subject'), ...subjectOf(written)] : [])];
  if (!source.body.trim()) broken.push(finding(written, 'empty_text'));
  if (source.body.length > (channel === 'sms' ? SMS_LENGTH : SOURCE_LIMIT)) broken.push(finding(written, 'too_long'));
  // What follows fills the template in, which needs one that can be.
  if (broken.length > 0) return broken;
  return [...carrierWords(written), ...whenOf(written), ...shortLinks(written), ...(channel === 'sms' ? smsOf(written) : [])];
}

function liquidOf(written: Written, field: Finding['field']): Finding[] {
  const text = written.source[field] ?? '';
  return liquidMistakes(text, written.template.variables).map(({ kind, line, column, found }) =>
    finding(written, kind === 'syntax' ? 'liquid_syntax' : 'unknown_variable', {
      field,
      line,
      column,
      found,
      suggestion: kind === 'syntax' ? null : closest(found, written.template.variables),
    }),
  );
}

const subjectOf = (written: Written): Finding[] =>
  written.source.subject?.trim() ? [] : [finding(written, 'missing_subject', { field: 'subject' })];

function carrierWords(written: Written): Finding[] {
  const { body } = written.source;
  return carrierWordsAsked(literalOf(body)).map(({ word, index }) =>
    finding(written, 'carrier_word_requested', { ...placeOf(body, index), found: word, suggestion: '{{ how_to_confirm }}' }),
  );
}

/** A message about a visit that does not say when: perhaps meant so, so only a warning. */
function whenOf(written: Written): Finding[] {
  const { template, source } = written;
  if (!template.needsWhen || written.template.messageClass === 'reply') return [];
  const named = [...variablesIn(source.body), ...variablesIn(source.subject ?? '')];
  return named.some((name) => name === 'when' || name === 'visit_details')
    ? []
    : [finding(written, 'when_missing', { suggestion: '{{ when }}' })];
}

/** Carriers filter addresses of public shorteners (30007). */
function shortLinks(written: Written): Finding[] {
  const { body } = written.source;
  const match = /\b(?:bit\.ly|tinyurl\.com|goo\.gl|t\.co|ow\.ly|is\.gd|cutt\.ly|rebrand\.ly)\/\S*/i.exec(literalOf(body));
  return match ? [finding(written, 'shared_short_link', { ...placeOf(body, match.index), found: match[0], suggestion: '{{ link }}' })] : [];
}

function smsOf(written: Written): Finding[] {
  const { template, source } = written;
  const named = variablesIn(source.body);
  const words = literalOf(source.body);
  const strange = beyondGsm7(words);
  const optsOut = named.includes('opt_out') || /\bSTOP\b/.test(words);
  return [
    ...(named.includes('business_name') ? [] : [finding(written, 'business_not_named', { suggestion: '{{ business_name }}:' })]),
    ...(template.messageClass !== 'marketing' || optsOut ? [] : [finding(written, 'opt_out_missing', { suggestion: '{{ opt_out }}' })]),
    ...(strange.length === 0 ? [] : [nonGsm(written, strange)]),
    ...lengthOf(written),
  ];
}

function nonGsm(written: Written, strange: string[]): Finding {
  const { body } = written.source;
  const plain = spelledPlainly(body);
  const index = Array.from(body).findIndex((character) => strange.includes(character));
  return finding(written, 'non_gsm_characters', {
    ...placeOf(body, Array.from(body).slice(0, index).join('').length),
    found: strange.join(''),
    suggestion: plain === body ? null : plain,
  });
}

/** Judged by a visit made up for it (variables.ts): real names are shorter or longer by a few characters, and the renderer keeps to the limit. */
function lengthOf(written: Written): Finding[] {
  const { template, source, locale } = written;
  const text = fullText({
    template,
    source,
    own: true,
    locale,
    vars: { ...EXAMPLE[locale], firstMessage: template.messageClass === 'marketing' },
  });
  if (text.length > SMS_LENGTH) return [finding(written, 'too_long', { found: String(text.length) })];
  const { segments } = smsSegments(text);
  return segments > MANY_SEGMENTS ? [finding(written, 'several_segments', { found: String(segments) })] : [];
}

const ERRORS = new Set<FindingCode>([
  'liquid_syntax',
  'unknown_variable',
  'missing_language',
  'missing_subject',
  'empty_text',
  'too_long',
  'opt_out_missing',
  'carrier_word_requested',
  'business_not_named',
]);

function finding({ channel, locale }: Place, code: FindingCode, where: Partial<Finding> = {}): Finding {
  const level = ERRORS.has(code) ? 'error' : 'warning';
  return { level, code, channel, locale, field: 'body', line: null, column: null, found: null, suggestion: null, ...where };
}

function placeOf(source: string, index: number): { line: number; column: number } {
  const lines = source.slice(0, index).split('\n');
  return { line: lines.length, column: (lines.at(-1)?.length ?? 0) + 1 };
}

/** "{{ contactName }}" and "{{ name }}" mean contact_name. */
function closest(found: string, known: readonly string[]): string | null {
  const flat = (name: string): string => name.toLowerCase().replace(/[^a-z]/g, '');
  const name =
    known.find((candidate) => flat(candidate) === flat(found)) ?? known.find((candidate) => flat(candidate).includes(flat(found)));
  return name && flat(found) ? `{{ ${name} }}` : null;
}
