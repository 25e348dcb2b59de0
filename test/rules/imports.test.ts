import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { ROOT } from '../../scripts/lib/environment';
import { ALLOWED, FORBIDDEN, TARGETS } from './import-cases';

const ROOMS = [
  'workflows',
  'domain',
  'activities',
  'providers',
  'api',
  'db',
  'worker',
  'sandbox',
  'scripts',
  'test',
  'bench',
  'docs',
  'lib',
  'config.ts',
  'second.ts',
];

type Violation = { from: string; to: string; rule: { name: string } };
const folders: string[] = [];
afterAll(() => folders.forEach((folder) => rmSync(folder, { recursive: true, force: true })));

/** What dependency-cruiser, with the repository's own rules, says about a small repository of these files. */
function violationsOf(files: Record<string, string>): Violation[] {
  const folder = mkdtempSync(join(tmpdir(), 'usher-rules-'));
  folders.push(folder);
  for (const name of ['.dependency-cruiser.cjs', 'tsconfig.json']) cpSync(join(ROOT, name), join(folder, name));
  symlinkSync(join(ROOT, 'node_modules'), join(folder, 'node_modules'));
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), text);
  }
  const rooms = ROOMS.filter((room) => Object.keys(files).some((path) => path === room || path.startsWith(`${room}/`)));
  const program = join(ROOT, 'node_modules', 'dependency-cruiser', 'bin', 'dependency-cruise.mjs');
  const { stdout, stderr } = spawnSync(process.execPath, [program, ...rooms, '-T', 'json'], {
    cwd: folder,
    encoding: 'utf8',
    maxBuffer: 64e6,
  });
  if (stdout === '') throw new Error(stderr);
  return (JSON.parse(stdout) as { summary: { violations: Violation[] } }).summary.violations;
}

describe('the rules of imports', () => {
  const reported = violationsOf({ ...ALLOWED, ...wrongFiles() });

  /** A wrong file is an allowed one with a line too many, or a file of its own. */
  function wrongFiles(): Record<string, string> {
    const files: Record<string, string> = { ...TARGETS };
    for (const { file, text } of FORBIDDEN) files[file] = `${files[file] ?? ALLOWED[file] ?? ''}${text}\n`;
    return files;
  }

  it('let each room import what its row of the table allows', () => {
    expect(violationsOf(ALLOWED)).toEqual([]);
  });

  it.each(FORBIDDEN)('report $rule: $why', ({ rule, file }) => {
    expect(reported.filter(({ from }) => from === file).map((violation) => violation.rule.name)).toContain(rule);
  });

  it('are all shown to be reported by one of these cases', () => {
    const { forbidden } = createRequire(__filename)(join(ROOT, '.dependency-cruiser.cjs')) as {
      forbidden: { name: string; severity: string }[];
    };
    expect(new Set(FORBIDDEN.map(({ rule }) => rule))).toEqual(new Set(forbidden.map(({ name }) => name)));
    expect(forbidden.filter(({ severity }) => severity !== 'error')).toEqual([]);
  });

  it('are run by npm test', () => {
    expect(readFileSync(join(ROOT, 'scripts/test.ts'), 'utf8')).toContain(`program: 'depcruise', args: ['.', '-T', 'err-long']`);
  });
});
