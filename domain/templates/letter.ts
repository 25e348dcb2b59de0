import type { Locale } from '../message';

/** A letter before it becomes plain text and HTML: both say the same. */
export type Letter = {
  locale: Locale;
  subject: string;
  greeting: string | null;
  paragraphs: string[];
  details: { label: string; value: string }[];
  list: string[];
  links: { label: string; url: string }[];
  /** who writes, and how to reach them */
  footer: string[];
};

export function letterText({ greeting, paragraphs, details, list, links, footer }: Letter): string {
  const blocks = [
    ...(greeting ? [greeting] : []),
    ...paragraphs,
    details.map(({ label, value }) => `${label}: ${value}`).join('\n'),
    list.map((line) => `- ${line}`).join('\n'),
    ...links.map(({ label, url }) => `${label}: ${url}`),
    footer.join('\n'),
  ];
  return `${blocks.filter(Boolean).join('\n\n')}\n`;
}

/** Plain HTML that reads well without images, styles or a mouse: language and title set, one heading, links that say where they lead, dark on white. */
export function letterHtml({ locale, subject, greeting, paragraphs, details, list, links, footer }: Letter): string {
  const body = [
    `<h1 style="font-size:22px;line-height:1.3">${escapeHtml(subject)}</h1>`,
    ...[...(greeting ? [greeting] : []), ...paragraphs].map((text) => `<p>${escapeHtml(text)}</p>`),
    bullets(details.map(({ label, value }) => `<strong>${escapeHtml(label)}:</strong> ${escapeHtml(value)}`)),
    bullets(list.map(escapeHtml)),
    ...links.map(link),
    `<p style="color:#444444">${footer.map(escapeHtml).join('<br>')}</p>`,
  ];
  return [
    `<!doctype html>`,
    `<html lang="${locale}">`,
    `<head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1"><title>${escapeHtml(subject)}</title></head>`,
    `<body style="margin:0;padding:16px;font-family:sans-serif;font-size:16px;line-height:1.5;color:#1a1a1a;background:#ffffff">`,
    `<main style="max-width:560px">`,
    ...body.filter(Boolean),
    `</main>`,
    `</body>`,
    `</html>`,
  ].join('\n');
}

const bullets = (items: string[]): string => (items.length > 0 ? `<ul>${items.map((item) => `<li>${item}</li>`).join('')}</ul>` : '');

/** 44 px high, so that a thumb can hit it. Anything but a web address is shown, not linked. */
const link = ({ label, url }: { label: string; url: string }): string =>
  /^https?:\/\//i.test(url)
    ? `<p><a href="${escapeHtml(url)}" style="display:inline-block;padding:10px 0;color:#0b4fb3">${escapeHtml(label)}</a></p>`
    : `<p>${escapeHtml(`${label}: ${url}`)}</p>`;

const escapeHtml = (text: string): string => text.replace(/[&<>"']/g, (character) => ENTITIES[character] ?? character);

const ENTITIES: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' };
