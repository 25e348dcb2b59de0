import type { Locale } from '../message';
import { detailsHtml, frameHtml, linkHtml, listHtml, paragraphHtml, type FooterLine } from './letter-html';

/** A part of a letter, in the order in which it is read. */
export type Block =
  | { kind: 'text'; text: string }
  | { kind: 'details'; rows: { label: string; value: string }[] }
  | { kind: 'list'; items: string[] }
  | { kind: 'link'; label: string; url: string };

/** A letter before it becomes plain text and HTML: both say the same. */
export type Letter = {
  locale: Locale;
  subject: string;
  body: Block[];
  /** who writes, how to reach them, and how to end such letters */
  footer: FooterLine[];
};

export function letterText({ body, footer }: Letter): string {
  return `${[...body.map(blockText), footer.map(footerText).join('\n')].filter(Boolean).join('\n\n')}\n`;
}

const footerText = (line: FooterLine): string => (typeof line === 'string' ? line : `${line.label}: ${line.url}`);

function blockText(block: Block): string {
  switch (block.kind) {
    case 'text':
      return block.text;
    case 'details':
      return block.rows.map(({ label, value }) => `${label}: ${value}`).join('\n');
    case 'list':
      return block.items.map((line) => `- ${line}`).join('\n');
    case 'link':
      return `${block.label}: ${block.url}`;
  }
}

/** See letter-html.ts. The inbox shows the details beside the subject, or else what is said first. */
export function letterHtml({ locale, subject, body, footer }: Letter): string {
  const firstLink = body.find(({ kind }) => kind === 'link');
  return frameHtml({
    lang: locale,
    title: subject,
    preheader: preheaderOf(body),
    parts: body.map((block) => blockHtml(block, { first: block === firstLink })),
    footer,
  });
}

function blockHtml(block: Block, { first }: { first: boolean }): string {
  switch (block.kind) {
    case 'text':
      return paragraphHtml(block.text);
    case 'details':
      return detailsHtml(block.rows);
    case 'list':
      return listHtml(block.items);
    case 'link':
      return linkHtml({ ...block, first });
  }
}

const PREHEADER_LENGTH = 140;

function preheaderOf(body: readonly Block[]): string {
  const details = body.flatMap((block) => (block.kind === 'details' ? block.rows.map(({ value }) => value) : []));
  const texts = body.flatMap((block) => (block.kind === 'text' ? [block.text] : []));
  return (details.length > 0 ? details.join(' · ') : texts.join(' ')).slice(0, PREHEADER_LENGTH);
}
