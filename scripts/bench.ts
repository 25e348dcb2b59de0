import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { bookingRace } from '../bench/booking-race';
import { footprint } from '../bench/footprint';
import { gateDecisions } from '../bench/gate';
import { ingest } from '../bench/ingest';
import type { Report } from '../bench/measure';
import { machine } from '../bench/measure';
import { optOut } from '../bench/opt-out';
import { slots } from '../bench/slots';
import { start } from '../bench/start';
import { throughput } from '../bench/throughput';
import { ROOT } from './lib/environment';
import { runCommand } from './lib/say';

const BENCHMARKS: Record<string, () => Promise<Report>> = {
  slots,
  race: bookingRace,
  ingest,
  gate: gateDecisions,
  throughput,
  footprint,
  start,
  optout: optOut,
};
const FILE = join(ROOT, 'docs', 'benchmarks.md');

/** `npm run bench` runs all, `npm run bench slots race` some; each prints its table and replaces its section of docs/benchmarks.md. */
async function main(): Promise<number> {
  const asked = process.argv.slice(2);
  const unknown = asked.filter((name) => !(name in BENCHMARKS));
  if (unknown.length > 0) throw new Error(`No benchmark ${unknown.join(', ')}: there are ${Object.keys(BENCHMARKS).join(', ')}.`);
  for (const [name, run] of Object.entries(BENCHMARKS)) {
    if (asked.length > 0 && !asked.includes(name)) continue;
    const text = section(name, await run());
    process.stdout.write(`${text}\n`);
    writeFileSync(FILE, replaceSection(existsSync(FILE) ? readFileSync(FILE, 'utf8') : HEAD, name, text));
  }
  return 0;
}

const HEAD = `# Benchmarks

Printed by \`npm run bench\`; method in each section. Absolute values swing up to 2.5 times between runs on shared cores: trust ratios.
`;

function section(name: string, { title, method, rows, notes = [] }: Report): string {
  const [head = [], ...body] = rows;
  const line = (cells: string[]): string => `| ${cells.join(' | ')} |`;
  const table = [line(head), line(head.map(() => '---')), ...body.map(line)].join('\n');
  const when = new Date().toISOString().slice(0, 10);
  return [`## ${title}`, `\`npm run bench ${name}\`, ${when}, ${machine()}.`, method, table, ...notes].join('\n\n');
}

function replaceSection(file: string, name: string, text: string): string {
  const [from, to] = [`<!-- ${name} -->`, `<!-- /${name} -->`];
  const marked = `${from}\n${text}\n${to}`;
  const [start, end] = [file.indexOf(from), file.indexOf(to)];
  return start < 0 || end < 0 ? `${file.trimEnd()}\n\n${marked}\n` : file.slice(0, start) + marked + file.slice(end + to.length);
}

void runCommand(main);
