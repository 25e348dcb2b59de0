import { z } from 'zod';
import type { TemplateRow, VersionRow } from '../../db/templates';
import type { Locale } from '../../domain/message';
import { spelledPlainly } from '../../domain/sms-segments';
import { checkTemplate, FINDING_CODES, LOCALES, MEDIA, type Finding, type OwnWords } from '../../domain/templates/check';
import { figuresOf } from '../../domain/templates/figures';
import { renderTemplate } from '../../domain/templates/render';
import { valuesOf } from '../../domain/templates/scope';
import type { Frame, Words } from '../../domain/templates/template';
import { EXAMPLE, VARIABLES } from '../../domain/templates/variables';
import { ruleTemplate } from '../../domain/templates/wording';
import { instantOut } from '../wire';
import { FINDING_WORDS } from './template-finding-words';

const SmsView = z.object({ body: z.string() });
const EmailView = z.object({ subject: z.string(), body: z.string() });
const WordsView = z.object({
  sms: z.object({ en: SmsView, es: SmsView }).nullable(),
  email: z.object({ en: EmailView, es: EmailView }).nullable(),
});

export const FindingView = z
  .object({
    level: z.enum(['error', 'warning']),
    code: z.enum(FINDING_CODES),
    channel: z.enum(MEDIA),
    locale: z.enum(LOCALES),
    field: z.enum(['subject', 'body']),
    line: z.int().nullable(),
    column: z.int().nullable(),
    found: z.string().nullable(),
    suggestion: z.string().nullable(),
    message: z.string(),
  })
  .meta({ id: 'TemplateFinding' });

export const FiguresView = z.object({
  encoding: z.enum(['GSM-7', 'UCS-2']),
  units: z.int(),
  segments: z.int(),
  price_micro_dollars: z.int().meta({ description: 'millionths of a dollar' }),
});

const summary = {
  key: z.string(),
  name: z.string().nullable().meta({ description: 'of a template of your own' }),
  message_class: z.string(),
  editable: z.boolean().meta({ description: 'false: the law prescribes these words' }),
  custom: z.boolean().meta({ description: 'your own words are in force' }),
  version: z.int().meta({ description: '0: never saved' }),
  updated_at: instantOut.nullable(),
};
export const TemplateSummaryView = z.object(summary).meta({ id: 'TemplateSummary' });

export const TemplateView = z
  .object({
    ...summary,
    variables: z.array(z.object({ name: z.string(), means: z.string(), example: z.string().nullable() })),
    words: WordsView,
    default_words: WordsView.nullable(),
    texts: z
      .array(FiguresView.extend({ locale: z.enum(LOCALES), example: z.string() }))
      .meta({ description: 'for a visit made up for it' }),
    waiting_messages: z.int().meta({ description: 'planned already: they will say what stands here when their time comes' }),
    findings: z.array(FindingView),
  })
  .meta({ id: 'Template' });

export const TemplateVersionView = z
  .object({
    version: z.int(),
    name: z.string().nullable(),
    message_class: z.string().nullable(),
    words: WordsView.nullable().meta({ description: 'null: back to the default, or taken away' }),
    saved_by: z.string(),
    saved_at: instantOut,
  })
  .meta({ id: 'TemplateVersion' });

/** A template as it stands: what is in force, what it may name, and what it costs. */
export type Shown = { key: string; frame: Frame; row: TemplateRow | undefined };

export const presentSummary = ({ key, frame, row }: Shown) => ({
  key,
  name: row?.name ?? null,
  messageClass: frame.messageClass,
  editable: !frame.speaksOfOptOut,
  custom: row?.words != null,
  version: row?.version ?? 0,
  updatedAt: row?.updatedAt ?? null,
});

export function presentTemplate(shown: Shown & { waiting: number; segmentPrice: number }, locale: Locale) {
  const { key, frame, row, waiting, segmentPrice } = shown;
  const defaults = defaultsOf(key);
  const words = { ...defaults, ...row?.words };
  const examples = { ...valuesOf(EXAMPLE[locale], { locale, medium: 'sms' }) };
  return {
    ...presentSummary(shown),
    variables: frame.variables.map((name) => ({ name, means: VARIABLES[name][locale], example: exampleOf(examples[name]) })),
    words: presentWords(words),
    defaultWords: defaults && presentWords(defaults),
    texts: LOCALES.flatMap((language) => textOf(frame, words, { language, own: row?.words?.sms !== undefined, segmentPrice })),
    waitingMessages: waiting,
    findings: checkTemplate(frame, words).map((finding) => presentFinding(finding, locale)),
  };
}

export const presentFinding = (finding: Finding, locale: Locale) => ({ ...finding, message: FINDING_WORDS[finding.code][locale] });

export const presentVersion = ({ version, name, messageClass, words, savedBy, savedAt }: VersionRow) => ({
  version,
  name,
  messageClass,
  words: words && presentWords(words),
  savedBy,
  savedAt,
});

const exampleOf = (value: string | boolean | null): string | null => (typeof value === 'boolean' ? String(value) : value);

type Shape = { language: Locale; own: boolean; segmentPrice: number };

function textOf(template: Frame, words: OwnWords, { language, own, segmentPrice }: Shape) {
  const source = words.sms?.[language];
  if (!source) return [];
  const rendered = renderTemplate({ template, source, own, channel: 'sms', locale: language, vars: EXAMPLE[language] });
  return [{ locale: language, example: rendered.text, ...figuresOf(rendered.text, segmentPrice) }];
}

/** A rule's own words; texts spelled as they travel, so that who edits them begins without a warning. */
function defaultsOf(key: string): OwnWords | null {
  const words = ruleTemplate(key)?.words;
  if (!words) return null;
  const plain = ({ sms }: Words) => ({ ...sms, body: spelledPlainly(sms.body) });
  return { sms: { en: plain(words.en), es: plain(words.es) }, email: { en: words.en.email, es: words.es.email } };
}

/** What is stored was checked: a medium that is there has both languages. */
function presentWords({ sms, email }: OwnWords) {
  const letter = (locale: Locale) => ({ subject: email?.[locale]?.subject ?? '', body: email?.[locale]?.body ?? '' });
  const text = (locale: Locale) => ({ body: sms?.[locale]?.body ?? '' });
  return { sms: sms ? { en: text('en'), es: text('es') } : null, email: email ? { en: letter('en'), es: letter('es') } : null };
}
