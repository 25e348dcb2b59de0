import { optOut } from '../bench/opt-out';
import { missesOf, readCorpus } from '../bench/opt-out-corpus';
import { runCommand, say } from './lib/say';

/** `npm run optout`: precision and recall of the opt-out rules per language and label, and every text they read otherwise. Ends with 1 for a miss in the tuned set. */
void runCommand(async () => {
  const { rows } = await optOut();
  for (const row of rows) say(row.map((cell, column) => cell.padEnd(WIDTHS[column] ?? 0)).join(' '));
  const tuned = missesOf(readCorpus('tuned'));
  for (const { label, read, text } of [...tuned, ...missesOf(readCorpus('held-out'))]) say(`${label} read as ${read}: ${text}`);
  return tuned.length === 0 ? 0 : 1;
});

const WIDTHS = [9, 9, 6, 6, 10, 8];
