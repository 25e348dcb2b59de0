import { spawnSync } from 'node:child_process';
import { ROOT } from '../../scripts/lib/environment';
import { LINT_CASES, type LintCase } from './lint-cases';

type Said = { rule: string; message: string };
type Answer = { said: Said[][]; bans: Record<string, string[]> };

/** Loaded in a process of its own, since ESLint's configuration is a module and jest's are scripts. The rules here need no types. */
const DRIVER = `
  import { ESLint } from 'eslint';
  import tseslint from 'typescript-eslint';
  const { cases, rooms } = JSON.parse(await new Response(process.stdin).text());
  const untyped = { languageOptions: { parserOptions: { projectService: false } }, rules: tseslint.configs.disableTypeChecked.rules };
  const eslint = new ESLint({ overrideConfig: [untyped] });
  const said = [];
  for (const { file, code } of cases) {
    const [result] = await eslint.lintText(code, { filePath: file });
    said.push(result.messages.map(({ ruleId, message }) => ({ rule: ruleId, message })));
  }
  const bans = {};
  for (const room of rooms) {
    const { rules } = await eslint.calculateConfigForFile(room);
    bans[room] = rules['no-restricted-syntax'].slice(1).map(({ message }) => message);
  }
  console.log(JSON.stringify({ said, bans }));
`;

/** One file of each kind that the configuration tells apart. */
const ROOMS = [
  'domain/any.ts',
  'workflows/any.ts',
  'workflows/options.ts',
  'workflows/contracts/doorbell.ts',
  'activities/any.ts',
  'api/any.ts',
  'api/console/any.tsx',
  'api/main.ts',
  'db/any.ts',
  'worker/any.ts',
  'sandbox/any.ts',
  'scripts/any.ts',
  'providers/twilio/any.ts',
];

function lint(cases: readonly LintCase[]): Answer {
  const { stdout, stderr } = spawnSync(process.execPath, ['--input-type=module', '-e', DRIVER], {
    cwd: ROOT,
    encoding: 'utf8',
    input: JSON.stringify({ cases, rooms: ROOMS }),
  });
  if (stdout === '') throw new Error(stderr);
  return JSON.parse(stdout) as Answer;
}

describe('the rules of each room', () => {
  const { said, bans } = lint(LINT_CASES);
  const rulesOf = (lintCase: LintCase) => said[LINT_CASES.indexOf(lintCase)]!.map(({ rule }) => rule);

  it.each(LINT_CASES.filter(({ rule }) => rule !== null))('forbid $why in $file', (lintCase) => {
    expect(rulesOf(lintCase)).toContain(lintCase.rule);
  });

  it.each(LINT_CASES.filter(({ rule }) => rule === null))('allow $why in $file', (lintCase) => {
    expect(said[LINT_CASES.indexOf(lintCase)]).toEqual([]);
  });

  it('are each shown to be reported, in every kind of file that they hold for', () => {
    const shown = (room: string) =>
      LINT_CASES.flatMap(({ file }, index) => (kindOf(file) === kindOf(room) ? said[index]!.map(({ message }) => message) : []));
    const missing = ROOMS.flatMap((room) =>
      (bans[room] ?? []).filter((message) => !shown(room).includes(message)).map((message) => `${room}: ${message}`),
    );
    expect(missing).toEqual([]);
  });
});

/** Files that one set of rules holds for: those with a set of their own by name, the others by room. */
function kindOf(file: string): string {
  const ownRules = ['workflows/options.ts', 'workflows/contracts/doorbell.ts', 'api/main.ts'];
  return ownRules.includes(file) ? file : file.slice(0, file.indexOf('/'));
}
