import type { Locale } from '../message';

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
  /** who writes, and how to reach them */
  footer: string[];
};

export function letterText({ body, footer }: Letter): string {
  return `${[...body.map(blockText), footer.join('\n')].filter(Boolean).join('\n\n')}\n`;
}

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

/** Plain HTML that reads well without images, styles or a mouse: language and title set, one heading, links that say where they lead, dark on white. */
export function letterHtml({ locale, subject, body, footer }: Letter): string {
  const parts = [
    `<h1 style="font-size:22px;line-height:1.3">${escapeHtml(subject)}</h1>`,
    ...body.map(blockHtml),
    `<p style="color:#444444">${footer.map(escapeHtml).join('<br>')}</p>`,
  ];
  return [
    `<!doctype html>`,
    `<html lang="${locale}">`,
    `<head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1"><title>${escapeHtml(subject)}</title></head>`,
    `<body style="margin:0;padding:16px;font-family:sans-serif;font-size:16px;line-height:1.5;color:#1a1a1a;background:#ffffff">`,
    `<main style="max-width:560px">`,
    ...parts.filter(Boolean),
    `</main>`,
    `</body>`,
    `</html>`,
  ].join('\n');
}

function blockHtml(block: Block): string {
  switch (block.kind) {
    case 'text':
      return `<p>${escapeHtml(block.text)}</p>`;
    case 'details':
      return bullets(block.rows.map(({ label, value }) => `<strong>${escapeHtml(label)}:</strong> ${escapeHtml(value)}`));
    case 'list':
      return bullets(block.items.map(escapeHtml));
    case 'link':
      return link(block);
  }
}

const bullets = (items: string[]): string => (items.length > 0 ? `<ul>${items.map((item) => `<li>${item}</li>`).join('')}</ul>` : '');

/** 44 px high, so that a thumb can hit it. Anything but a web address is shown, not linked. */
const link = ({ label, url }: { label: string; url: string }): string =>
  /^https?:\/\//i.test(url)
    ? `<p><a href="${escapeHtml(url)}" style="display:inline-block;padding:10px 0;color:#0b4fb3">${escapeHtml(label)}</a></p>`
    : `<p>${escapeHtml(`${label}: ${url}`)}</p>`;

const escapeHtml = (text: string): string => text.replace(/[&<>"']/g, (character) => ENTITIES[character] ?? character);

const ENTITIES: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' };
