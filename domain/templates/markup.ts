import type { Block } from './letter';
import { unprotected } from './protect';

/**
 * Reads a filled-in body of an e-mail: a line is a paragraph, "- " begins an item of a list, a line "[label](address)" is a link (left out when the
 * address is empty), and a mark stands for its block.
 */
export function readBody(body: string, blocks: ReadonlyMap<string, Block>): Block[] {
  const marks = [...blocks.keys()].join('');
  const lines = (marks ? body.replace(new RegExp(`[${marks}]`, 'g'), '\n$&\n') : body).split('\n').map((line) => line.trim());
  return joinLists(lines.filter(Boolean).flatMap((line) => readLine(line, blocks)));
}

function readLine(line: string, blocks: ReadonlyMap<string, Block>): Block[] {
  const block = blocks.get(line);
  if (block) return [block];
  const link = /^\[(.+)\]\((.*)\)$/.exec(line);
  if (link) {
    const url = unprotected(link[2] ?? '').trim();
    return url ? [{ kind: 'link', label: oneLine(link[1] ?? ''), url }] : [];
  }
  const item = /^- +(.+)$/.exec(line);
  return item ? [{ kind: 'list', items: [oneLine(item[1] ?? '')] }] : [{ kind: 'text', text: oneLine(line) }];
}

/** Items that follow one another are one list. */
function joinLists(blocks: Block[]): Block[] {
  const joined: Block[] = [];
  for (const block of blocks) {
    const last = joined.at(-1);
    if (block.kind === 'list' && last?.kind === 'list') joined.splice(-1, 1, { kind: 'list', items: [...last.items, ...block.items] });
    else joined.push(block);
  }
  return joined;
}

/** Single spaces, no control characters: what a subject, a paragraph or a label is made of. */
export const oneLine = (text: string): string =>
  unprotected(text)
    .replace(/[\s\p{Cc}]+/gu, ' ')
    .trim();
