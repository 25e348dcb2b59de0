import type { Locale } from '../message';
import { detailsHtml, frameHtml, linkHtml, listHtml, paragraphHtml, type FooterLine } from './letter-html';

/** A letter before it becomes plain text and HTML: both say the same. */
export type Letter = {
  locale: Locale;
  subject: string;
  greeting: string | null;
  paragraphs: string[];
  details: { label: string; value: string }[];
  list: string[];
  links: { label: string; url: string }[];
  /** who writes, how to reach them, and how to end such letters */
  footer: FooterLine[];
};

export function letterText({ greeting, paragraphs, details, list, links, footer }: Letter): string {
  const blocks = [
    ...(greeting ? [greeting] : []),
    ...paragraphs,
    details.map(({ label, value }) => `${label}: ${value}`).join('\n'),
    list.map((line) => `- ${line}`).join('\n'),
    ...links.map(({ label, url }) => `${label}: ${url}`),
    footer.map((line) => (typeof line === 'string' ? line : `${line.label}: ${line.url}`)).join('\n'),
  ];
  return `${blocks.filter(Boolean).join('\n\n')}\n`;
}

/** See letter-html.ts. The inbox shows the details beside the subject, or else what is said first. */
export function letterHtml({ locale, subject, greeting, paragraphs, details, list, links, footer }: Letter): string {
  const said = [...(greeting ? [greeting] : []), ...paragraphs];
  return frameHtml({
    lang: locale,
    title: subject,
    preheader: (details.length > 0 ? details.map(({ value }) => value).join(' · ') : said.join(' ')).slice(0, PREHEADER_LENGTH),
    parts: [...said.map(paragraphHtml), detailsHtml(details), listHtml(list), ...links.map((link, at) => linkHtml({ ...link, first: at === 0 }))],
    footer,
  });
}

const PREHEADER_LENGTH = 140;
