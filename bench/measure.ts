import { cpus, loadavg } from 'node:os';

/** What a benchmark prints and what docs/benchmarks.md keeps. `rows` is a table: the first row is its head. */
export type Report = { title: string; method: string; rows: string[][]; notes?: string[] };

export type Spread = { min: number; median: number; p95: number; p99: number; max: number };

/** Of measured values, in their own unit. Throws RangeError for none. */
export function spread(values: number[]): Spread {
  const sorted = [...values].sort((a, b) => a - b);
  const at = (share: number): number => {
    const value = sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))];
    if (value === undefined) throw new RangeError('nothing was measured');
    return value;
  };
  return { min: at(0), median: at(0.5), p95: at(0.95), p99: at(0.99), max: at(1) };
}

/** How long one run of `work` takes, in ms. */
export async function timed(work: () => Promise<unknown>): Promise<number> {
  const from = process.hrtime.bigint();
  await work();
  return Number(process.hrtime.bigint() - from) / 1e6;
}

export type Variant = { name: string; run: () => Promise<number> };

/** Runs variants in turn (A B A B …), drops the first round as warm-up, and answers each one's values (performance.md 4). */
export async function interleaved(variants: Variant[], rounds: number): Promise<Map<string, number[]>> {
  const values = new Map<string, number[]>(variants.map(({ name }) => [name, []]));
  for (let round = 0; round <= rounds; round += 1) {
    for (const { name, run } of variants) {
      const value = await run();
      if (round > 0) values.get(name)?.push(value);
    }
  }
  return values;
}

/** Per round, by how much the first variant beats the second. */
export function ratios(values: Map<string, number[]>, [first, second]: [string, string]): Spread {
  const [a, b] = [values.get(first) ?? [], values.get(second) ?? []];
  return spread(a.map((value, round) => value / (b[round] ?? Number.NaN)));
}

export const fixed = (value: number, digits = 1): string => value.toFixed(digits);

/** The machine, for every figure. */
export function machine(): string {
  const [first] = cpus();
  return `${String(cpus().length)} cores (${first?.model.trim() ?? 'unknown'}), Node ${process.version}, load ${loadavg()
    .map((load) => load.toFixed(1))
    .join(' ')}`;
}
