/** Code that a room forbids by `rule`, or that it allows (null). */
export type LintCase = { file: string; why: string; code: string; rule: string | null };

type Example = [why: string, code: string];

const SYNTAX = 'no-restricted-syntax';
const GLOBALS = 'no-restricted-globals';
const forbid = (rule: string, file: string, examples: Example[]): LintCase[] =>
  examples.map(([why, code]) => ({ file, why, code: `${code}\n`, rule }));
const allow = (file: string, examples: Example[]): LintCase[] =>
  examples.map(([why, code]) => ({ file, why, code: `${code}\n`, rule: null }));

const DEFAULT_EXPORT: Example = ['a default export', 'export default function book() {}'];
const STATE: Example = ['state of the module', 'export let visits = 0;'];
const HIDDEN_STATE: Example = ['state of the module that is not exported', 'let visits = 0;\nexport const count = () => (visits += 1);'];
const CLOCKS: Example[] = [
  ['the system clock', 'export const now = () => Date.now();'],
  ['the system clock as a date', 'export const now = () => new Date();'],
  ['the clock of luxon', `import { DateTime } from 'luxon';\nexport const now = () => DateTime.now();`],
  ['the UTC clock of luxon', `import { DateTime } from 'luxon';\nexport const now = () => DateTime.utc();`],
];
const SQL: Example[] = [
  ['a table of a transaction', `export const find = (tx: (table: string) => unknown) => tx('visits');`],
  ['raw SQL', `export const find = (db: { raw: (sql: string) => unknown }) => db.raw('select 1');`],
];
const PLAIN_ERROR: Example = ['a plain Error', `export const fail = () => {\n  throw new Error('taken');\n};`];
const CHILD: Example = [
  'a child workflow',
  `import { executeChild } from '@temporalio/workflow';\nexport const ask = () => executeChild('visit');`,
];
const SIGNAL: Example = [
  'a second signal',
  `import { defineSignal } from '@temporalio/workflow';\nexport const moved = defineSignal('moved');`,
];
const TIMEOUT: Example = [
  'a time-out of its own',
  `import { proxyActivities } from '@temporalio/workflow';\nexport const { send } = proxyActivities({ startToCloseTimeout: '1m' });`,
];
const RETRY: Example = [
  'a retry policy of its own',
  `import { proxyActivities } from '@temporalio/workflow';\nexport const { send } = proxyActivities({ retry: { maximumAttempts: 3 } });`,
];

const SAME_EVERYWHERE = ['providers/twilio/any.ts', 'scripts/any.ts', 'worker/any.ts', 'sandbox/any.ts', 'db/any.ts', 'api/any.ts'];

export const LINT_CASES: LintCase[] = [
  ...forbid(SYNTAX, 'domain/any.ts', [
    DEFAULT_EXPORT,
    STATE,
    HIDDEN_STATE,
    ...CLOCKS,
    ['dice', 'export const dice = () => Math.random();'],
  ]),
  ...forbid(
    GLOBALS,
    'domain/any.ts',
    ['process', 'Buffer', 'crypto', 'fetch', 'console', 'setTimeout', 'performance'].map((name): Example => [
      name,
      `export const x = ${name};`,
    ]),
  ),
  ...allow('domain/any.ts', [['an instant that is given', 'export const later = (now: string) => new Date(Date.parse(now) + 1);']]),

  ...forbid(SYNTAX, 'workflows/any.ts', [DEFAULT_EXPORT, STATE, HIDDEN_STATE, PLAIN_ERROR, CHILD, SIGNAL, TIMEOUT, RETRY]),
  ...forbid(SYNTAX, 'workflows/options.ts', [DEFAULT_EXPORT, STATE, PLAIN_ERROR, CHILD, SIGNAL]),
  ...forbid(SYNTAX, 'workflows/contracts/doorbell.ts', [DEFAULT_EXPORT, STATE, PLAIN_ERROR, CHILD, TIMEOUT]),
  ...forbid(
    GLOBALS,
    'workflows/any.ts',
    ['process', 'fetch', 'console', 'setInterval', 'Intl', 'crypto'].map((name): Example => [name, `export const x = ${name};`]),
  ),
  ...allow('workflows/any.ts', [
    ['its own clock, which a replay repeats', 'export const now = () => Date.now();'],
    [
      'a failure that ends the workflow',
      `import { ApplicationFailure } from '@temporalio/common';\nexport const fail = () => {\n  throw ApplicationFailure.create({ type: 'gone' });\n};`,
    ],
  ]),
  ...allow('workflows/options.ts', [TIMEOUT, RETRY]),
  ...allow('workflows/contracts/doorbell.ts', [SIGNAL]),

  ...forbid(SYNTAX, 'activities/any.ts', [DEFAULT_EXPORT, ...CLOCKS, ...SQL]),
  ...forbid(SYNTAX, 'api/any.ts', [DEFAULT_EXPORT, ...CLOCKS, ...SQL]),
  ...forbid(SYNTAX, 'api/console/any.tsx', [DEFAULT_EXPORT, ...SQL]),
  ...forbid(SYNTAX, 'api/main.ts', [DEFAULT_EXPORT, ...SQL]),
  ...allow('api/main.ts', [['the system clock', 'export const system = () => new Date().toISOString();']]),
  ...forbid(SYNTAX, 'db/any.ts', [DEFAULT_EXPORT, ...CLOCKS]),
  ...allow('db/any.ts', [SQL[0]!]),
  ...forbid(SYNTAX, 'worker/any.ts', [DEFAULT_EXPORT, ...SQL]),
  ...allow('worker/any.ts', [['the end of a pool', 'export const end = (db: { destroy: () => unknown }) => db.destroy();']]),
  ...forbid(SYNTAX, 'sandbox/any.ts', [DEFAULT_EXPORT, ...SQL]),
  ...forbid(SYNTAX, 'scripts/any.ts', [DEFAULT_EXPORT]),
  ...forbid(SYNTAX, 'providers/twilio/any.ts', [DEFAULT_EXPORT]),

  ...SAME_EVERYWHERE.flatMap((file) => [
    ...forbid('no-restricted-properties', file, [['a look at the environment', `export const home = process.env['HOME'];`]]),
    ...forbid('no-restricted-imports', file, [
      ['a detour to the environment', `import { env } from 'node:process';\nexport const home = env;`],
    ]),
    ...forbid('max-params', file, [['four parameters', 'export const f = (a: 1, b: 1, c: 1, d: 1) => [a, b, c, d];']]),
    ...forbid('max-lines', file, [['a file of 301 lines', `export const a = 1;${'\n'.repeat(300)}export const b = 2;`]]),
    ...forbid('max-lines-per-function', file, [['a function of 61 lines', `export function f() {\n${'  f();\n'.repeat(59)}}`]]),
    ...forbid('@typescript-eslint/no-explicit-any', file, [['any', 'export const x = (a: any): unknown => a;']]),
    ...forbid('comments/require-description', file, [
      [
        'a suppression without its reason',
        `// eslint-disable-next-line max-params\nexport const f = (a: 1, b: 1, c: 1, d: 1) => [a, b, c, d];`,
      ],
    ]),
    ...forbid('comments/no-unlimited-disable', file, [
      ['a suppression of everything', '/* eslint-disable -- tired */\nexport const f = 1;'],
    ]),
  ]),
  ...allow('config.ts', [['a look at the environment', `export const home = process.env['HOME'];`]]),
  ...['db/any.ts', 'api/any.ts', 'activities/any.ts', 'worker/any.ts', 'sandbox/any.ts', 'providers/twilio/any.ts'].flatMap((file) =>
    forbid('no-console', file, [['words on the terminal', `console.log('booked');`]]),
  ),
];
