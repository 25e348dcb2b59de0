import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path';
import { ROUTES } from '../../api/routes';
import { SCHEMA } from '../../config';
import { ROLES } from '../../db/roles';
import { ROOT } from '../../scripts/lib/environment';
import { SCHEDULES } from '../../workflows/contracts/schedules';

const read = (path: string): string => readFileSync(join(ROOT, path), 'utf8');
const decisions = readdirSync(join(ROOT, 'docs/decisions')).sort();
const PAGES = [
  'README.md',
  'CHANGELOG.md',
  ...readdirSync(join(ROOT, 'docs'))
    .filter((name) => name.endsWith('.md'))
    .map((name) => `docs/${name}`),
  ...decisions.map((name) => `docs/decisions/${name}`),
];

/** As GitHub makes them of headings. */
const anchorsOf = (page: string): string[] =>
  [...read(page).matchAll(/^#+ (.*)$/gm)].map(([, heading = '']) =>
    heading
      .toLowerCase()
      .replace(/[^\w\- ]/g, '')
      .replaceAll(' ', '-'),
  );

describe('the docs', () => {
  it.each(PAGES)('%s leads only to what exists', (page) => {
    const links = [...read(page).matchAll(/\]\((?!https?:)([^)\s#]*)(?:#([^)\s]+))?\)/g)];
    const broken = links.filter(([, path = '', anchor]) => {
      const target = path === '' ? page : normalize(join(dirname(page), path));
      return !existsSync(join(ROOT, target)) || (anchor !== undefined && !anchorsOf(target).includes(anchor));
    });
    expect(broken.map(([link]) => link)).toEqual([]);
  });

  it.each(PAGES)('%s names files that exist', (page) => {
    const named = [
      ...read(page).matchAll(
        /(?<![\w./<-])((?:api|db|domain|workflows|activities|worker|providers|sandbox|scripts|test|bench|docs|docker)\/[\w./-]+\.(?:tsx?|mjs|cjs|sh|ya?ml|md))/g,
      ),
    ];
    const missing = named
      .map(([, path = '']) => path)
      .filter((path) => ![path, join(dirname(page), path)].some((place) => existsSync(join(ROOT, place))));
    expect(missing).toEqual([]);
  });

  it.each(PAGES)('%s names commands that exist', (page) => {
    const { scripts } = JSON.parse(read('package.json')) as { scripts: Record<string, string> };
    const named = [...read(page).matchAll(/npm (?:run ([\w:-]+)|(start|test)\b)/g)].map(([, run, short]) => run ?? short ?? '');
    const broken = named.filter((name) => {
      const [, program = ''] = /^node scripts\/usher\.mjs ([\w-]+)/.exec(scripts[name] ?? '') ?? [];
      return program !== 'build' && !existsSync(join(ROOT, 'scripts', `${program}.ts`));
    });
    expect(broken).toEqual([]);
    const direct = [...read(page).matchAll(/dist\/scripts\/([\w-]+)\.js/g)].map(([, name = '']) => name);
    expect(direct.filter((name) => !existsSync(join(ROOT, 'scripts', `${name}.ts`)))).toEqual([]);
  });

  it.each(PAGES)('%s says nothing of the machine it was written on', (page) => {
    expect(read(page)).not.toMatch(/(?<![\w.])\/(work|root|home|Users|tmp)\//);
  });
});

describe('README.md', () => {
  it('uses routes that the api serves', () => {
    const served = ROUTES.map(({ path }) =>
      path
        .split('/')
        .map((part) => (part.startsWith(':') ? '*' : part))
        .join('/'),
    );
    const used = [...read('README.md').matchAll(/\$API(\/[\w$/-]*)/g)].map(([, path = '']) => path.replace(/\$\w+/g, '*'));
    expect(used.length).toBeGreaterThan(3);
    expect(used.filter((path) => !served.includes(path))).toEqual([]);
  });
});

describe('docs/architecture.md', () => {
  const page = read('docs/architecture.md');
  const rows = [...page.matchAll(/^\| `([a-zA-Z]+)` \| `([^`]+)` \|/gm)].map(([, type = '', id = '']) => ({ type, id }));

  it('has every process in its table', () => {
    const exported = [...read('workflows/index.ts').matchAll(/export \{ ([^}]*) \}/g)].flatMap(([, names = '']) => names.split(', '));
    expect(rows.map(({ type }) => type).sort()).toEqual(exported.sort());
  });

  it('has the ids and the rhythm of the schedules', () => {
    for (const { kind, scheduleId, everyMinutes } of SCHEDULES) {
      expect(rows).toContainEqual({ type: kind, id: `${scheduleId}-…` });
      expect(page).toContain(`\`${scheduleId}\`, every ${everyMinutes === 1 ? 'minute' : `${String(everyMinutes)} min`}`);
    }
  });

  it('has every role of the database', () => {
    for (const role of Object.values(ROLES)) expect(page).toContain(`| \`${role}\` |`);
  });
});

describe('docs/operating.md', () => {
  it('names the gauges that exist', () => {
    const metrics = [...read('docs/operating.md').matchAll(/^\| `(usher_\w+)`/gm)].map(([, name]) => name);
    const defined = ['api/metrics.ts', 'worker/health.ts', 'worker/metrics.ts'].flatMap((file) =>
      [...read(file).matchAll(/'(usher_\w+)'/g)].map(([, name]) => name),
    );
    expect(new Set(metrics)).toEqual(new Set(defined));
  });

  it('quotes lines that are logged', () => {
    const sources = ['activities', 'api', 'api/webhooks', 'worker'].flatMap((room) =>
      readdirSync(join(ROOT, room))
        .filter((name) => name.endsWith('.ts'))
        .map((name) => read(`${room}/${name}`)),
    );
    const [, list = ''] = /In the log[^:]*: (.*)\.$/m.exec(read('docs/operating.md')) ?? [];
    const quoted = [...list.matchAll(/`([^`]+)`/g)].map(([, line = '']) => line);
    expect(quoted.length).toBeGreaterThan(2);
    expect(quoted.filter((line) => !sources.some((source) => source.includes(`'${line}'`)))).toEqual([]);
  });

  it('names only keys that config.ts or the scripts read', () => {
    const others = ['TEMPORAL_CLI', 'USHER_CACHE_DIR', 'USHER_STATE_DIR', 'CHROMIUM_PATH'];
    const rows = [...read('docs/operating.md').matchAll(/`([A-Z]{3,}_[A-Z_]+)`/g)].map(([, key = '']) => key);
    expect(rows.filter((key) => !(key in SCHEMA.shape) && !others.includes(key))).toEqual([]);
  });
});

describe('docs/decisions', () => {
  it('are numbered without a gap, each with its context, what was chosen and what was refused', () => {
    expect(decisions.map((name) => Number(name.slice(0, 4)))).toEqual(decisions.map((_, index) => index + 1));
    for (const name of decisions) {
      const text = read(`docs/decisions/${name}`);
      expect(text).toMatch(new RegExp(`^# ${String(Number(name.slice(0, 4)))}\\. `));
      for (const part of ['**Context.**', '**Chosen.**', '**Refused']) expect(text).toContain(part);
    }
  });
});

describe('CHANGELOG.md', () => {
  it('knows the version of package.json', () => {
    const { version } = JSON.parse(read('package.json')) as { version: string };
    expect(read('CHANGELOG.md')).toContain(version);
  });
});
