import { FRAME, PARTS } from './letter-shell';

// The HTML of letters: a frame and parts made by mjml when Usher is built, filled in with escaped text.

export type Frame = {
  /** en, es */
  lang: string;
  title: string;
  /** What the inbox shows beside the subject. */
  preheader: string;
  /** Made by the functions below. */
  parts: readonly string[];
  footer: readonly FooterLine[];
};

export type FooterLine = string | { label: string; url: string };

/**
 * A letter that reads well without images, styles or a mouse, at 375 px and in the dark: language and title set, one heading, links that say where they
 * lead and are 44 px high.
 */
export function frameHtml({ lang, title, preheader, parts, footer }: Frame): string {
  const lines = footer.map((line) => (typeof line === 'string' ? escapeHtml(line) : anchor(line)));
  return fill(FRAME, {
    lang: escapeHtml(lang),
    title: escapeHtml(title),
    preheader: escapeHtml(preheader),
    body: parts.join(''),
    footer: lines.join('<br>'),
  });
}

export const paragraphHtml = (text: string): string => fill(PARTS.paragraph, { content: escapeHtml(text) });

/** A list; nothing for no items. */
export const listHtml = (items: readonly string[]): string => bullets(items.map(escapeHtml));

export const detailsHtml = (rows: readonly { label: string; value: string }[]): string =>
  bullets(rows.map(({ label, value }) => `<strong>${escapeHtml(label)}:</strong> ${escapeHtml(value)}`));

/** The first link of a letter is what it is about, and a button. Anything but a web address is shown, not linked. */
export function linkHtml({ label, url, first }: { label: string; url: string; first: boolean }): string {
  if (!isWeb(url)) return paragraphHtml(`${label}: ${url}`);
  return fill(first ? PARTS.button : PARTS.link, { url: escapeHtml(url), content: escapeHtml(label) });
}

const bullets = (items: readonly string[]): string =>
  items.length === 0 ? '' : fill(PARTS.bullets, { content: items.map((item) => `<li>${item}</li>`).join('') });

const anchor = ({ label, url }: { label: string; url: string }): string =>
  isWeb(url)
    ? `<a href="${escapeHtml(url)}" style="display:inline-block;padding:10px 0;color:#0b4fb3">${escapeHtml(label)}</a>`
    : escapeHtml(`${label}: ${url}`);

const isWeb = (url: string): boolean => /^https?:\/\//i.test(url);

/** In one pass: what a value says is never taken for a place to fill. */
const fill = (shell: string, values: Record<string, string>): string =>
  shell.replace(/\{\{(\w+)\}\}/g, (place, name: string) => values[name] ?? place);

const escapeHtml = (text: string): string => text.replace(/[&<>"']/g, (character) => ENTITIES[character] ?? character);

const ENTITIES: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' };
