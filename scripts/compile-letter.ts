import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import mjml2html from 'mjml';
import { format, resolveConfig } from 'prettier';
import { ROOT } from './lib/environment';
import { runCommand, say } from './lib/say';

const SOURCE = join(ROOT, 'domain', 'templates', 'letter.mjml');
const TARGET = join(ROOT, 'domain', 'templates', 'letter-shell.ts');

/** The text of letter-shell.ts: what mjml makes of letter.mjml, cut into the frame and the parts that a letter repeats. Throws for mjml that is not valid. */
async function compileLetter(): Promise<string> {
  // No fonts: a letter fetches nothing from anywhere.
  const { html, errors } = await mjml2html(readFileSync(SOURCE, 'utf8'), { validationLevel: 'strict', keepComments: false, fonts: {} });
  if (errors.length > 0) throw new Error(errors.map(({ formattedMessage }) => formattedMessage).join('\n'));
  const { frame, parts } = cut(tidy(html));
  const code = [
    '// Made from letter.mjml by `npm run compile:letter`; a test keeps them equal. Do not edit.',
    '',
    '/** The whole page, with {{body}} where the parts go. */',
    `export const FRAME = ${JSON.stringify(frame)};`,
    '',
    '/** What a letter may have any number of times. */',
    `export const PARTS = ${JSON.stringify(parts)};`,
  ].join('\n');
  return format(code, { ...(await resolveConfig(TARGET)), parser: 'typescript' });
}

const PART = /\[\[(\w+)\]\]([\s\S]*?)\[\[\/\1\]\]/g;

/** Takes the parts out; {{body}} stands where the first one was. */
function cut(html: string): { frame: string; parts: Record<string, string> } {
  const parts = Object.fromEntries([...html.matchAll(PART)].map(([, name = '', part = '']) => [name, part.trim()]));
  const first = html.search(PART);
  const frame = html.slice(0, first) + '{{body}}' + html.slice(first).replace(PART, '');
  return { frame, parts };
}

/** Mail programs count every byte, and cut what is over 102 kB: no indentation, no empty lines, one line for each tag. */
const tidy = (html: string): string =>
  html
    .split('\n')
    .map((line) => line.trim())
    .filter(Boolean)
    .join(' ')
    .replace(/>\s+</g, '>\n<');

// `npm run compile:letter`; with --check it only says whether the two are equal.
if (require.main === module) {
  void runCommand(async () => {
    const code = await compileLetter();
    if (process.argv.includes('--check')) return code === readFileSync(TARGET, 'utf8') ? 0 : 1;
    writeFileSync(TARGET, code);
    say('Written to domain/templates/letter-shell.ts: commit it.');
    return 0;
  });
}
