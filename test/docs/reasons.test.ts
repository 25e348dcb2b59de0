import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { REASONS } from '../../domain/reasons';
import { ROOT } from '../../scripts/lib/environment';

const PAGE = join(ROOT, 'docs/messaging.md');

/** The table of docs/messaging.md, as the code has it. */
const table = (): string =>
  [
    '| code | not sent, or waits, because … | kind | what an operator does |',
    '|---|---|---|---|',
    ...Object.entries(REASONS).map(
      ([code, { because, kinds, todo }]) => `| \`${code}\` | ${because.en} | ${kinds.join(', ')} | ${todo ?? 'Nothing.'} |`,
    ),
  ].join('\n');

describe('docs/messaging.md', () => {
  it('has every reason code, its meaning, kind and what to do, word for word as the code has it', () => {
    expect(existsSync(PAGE)).toBe(true);
    const [, section = ''] = readFileSync(PAGE, 'utf8').split('## Every reason code\n');
    const shown = section
      .split('\n## ')[0]!
      .split('\n')
      .filter((line) => line.startsWith('|'));
    expect(shown.join('\n')).toBe(table());
  });
});
