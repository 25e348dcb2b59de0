import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ConfigError, readConfig, SCHEMA } from '../../config';
import { ROOT } from '../../scripts/lib/environment';
import { productionEnvironment } from './production-environment';

type Entry = { key: string; value: string; comment: string };

/** The lines `#KEY=value` of a file like .env.example, each with the comment lines right above it. */
function entriesOf(file: string): Entry[] {
  const entries: Entry[] = [];
  let comment: string[] = [];
  for (const line of readFileSync(join(ROOT, file), 'utf8').split('\n')) {
    const [, key, value] = /^#?([A-Z][A-Z0-9_]*)=(.*)$/.exec(line) ?? [];
    if (key !== undefined && value !== undefined) entries.push({ key, value, comment: comment.join('\n') });
    comment = line.startsWith('# ') ? [...comment, line] : [];
  }
  return entries;
}

/** The keys that config.ts refuses. */
function refusedOf(env: Record<string, string>): string[] {
  try {
    readConfig(env);
    return [];
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    return error.problems.map((problem) => problem.split(':')[0] ?? '');
  }
}

/** What config.ts refuses in an otherwise empty production environment. */
const missingInProduction = (): string[] => refusedOf({ NODE_ENV: 'production' });

describe('.env.example', () => {
  const entries = entriesOf('.env.example');

  it('names every key of config.ts and no other, in the same order', () => {
    expect(entries.map(({ key }) => key)).toEqual(Object.keys(SCHEMA.shape));
  });

  it('shows the value that each key has in development', () => {
    const shown = Object.fromEntries(entries.filter(({ value }) => value !== '').map(({ key, value }) => [key, value]));
    expect(readConfig(shown)).toEqual(readConfig({}));
    const defaults = SCHEMA.parse({}) as Record<string, unknown>;
    const empty = entries.filter(({ value }) => value === '').map(({ key }) => key);
    expect(empty).toEqual(Object.keys(SCHEMA.shape).filter((key) => defaults[key] === undefined));
  });

  it('changes nothing when it is copied as it is', () => {
    const lines = readFileSync(join(ROOT, '.env.example'), 'utf8').split('\n');
    expect(lines.filter((line) => line !== '' && !line.startsWith('#'))).toEqual([]);
  });

  it('says of a key that production needs it exactly where config.ts insists', () => {
    const said = entries.filter(({ comment }) => comment.includes('Production: required.')).map(({ key }) => key);
    expect(said).toEqual(missingInProduction());
  });
});

describe('docs/operating.md', () => {
  const rows = readFileSync(join(ROOT, 'docs/operating.md'), 'utf8')
    .split('\n')
    .flatMap((line) => {
      const [, key, value, production] = /^\| `([A-Z][A-Z0-9_]*)` \| (.*?) \| (.*?) \|/.exec(line) ?? [];
      return key !== undefined && key in SCHEMA.shape ? [{ key, value, production }] : [];
    });

  it('lists every key of config.ts in the same order, and which of them production needs', () => {
    expect(rows.map(({ key }) => key)).toEqual(Object.keys(SCHEMA.shape));
    expect(rows.filter(({ production }) => production === 'required').map(({ key }) => key)).toEqual(missingInProduction());
  });

  it('shows the same values as .env.example', () => {
    const shown = entriesOf('.env.example').map(({ key, value }) => ({ key, value: value === '' ? 'not set' : `\`${value}\`` }));
    expect(rows.map(({ key, value }) => ({ key, value }))).toEqual(shown);
  });
});

describe('the environment of a process', () => {
  it('is complete in development without a single key', () => {
    expect(readConfig({})).toMatchObject({ NODE_ENV: 'development', sandbox: false, twilioBaseUrl: 'http://127.0.0.1:3002' });
  });

  it('takes an empty value for one that is not set', () => {
    expect(readConfig({ API_PORT: '', TEMPORAL_API_KEY: '' })).toEqual(readConfig({}));
  });

  it('is refused with every wrong and every missing key at once', () => {
    const { APP_SECRET, ENCRYPTION_KEYS, ...rest } = productionEnvironment();
    const read = () => readConfig({ ...rest, API_PORT: 'http', TWILIO_FROM_NUMBER: '555-0100' });
    expect(read).toThrow(ConfigError);
    expect(read).toThrow(
      /APP_SECRET: missing\n {2}ENCRYPTION_KEYS: missing\n {2}API_PORT: .*\n {2}TWILIO_FROM_NUMBER: a number like \+12125550100/,
    );
    expect([APP_SECRET, ENCRYPTION_KEYS]).not.toContain(undefined);
  });

  it('speaks to the vendors themselves in production, and to the stand-ins everywhere else', () => {
    expect(readConfig(productionEnvironment())).toMatchObject({ twilioBaseUrl: null, sendgridBaseUrl: null, sandbox: false });
    expect(readConfig({ NODE_ENV: 'test' })).toMatchObject({ sendgridBaseUrl: 'http://127.0.0.1:3002' });
  });

  it('has no development value of a secret in production, were all of .env.example taken over', () => {
    const shown = entriesOf('.env.example').filter(({ value }) => value !== '');
    const secrets = shown.map(({ key }) => key).filter((key) => /DATABASE_URL|SECRET|KEY|TOKEN|SID|PASSWORD/.test(key));
    expect(secrets.length).toBeGreaterThan(6);
    const refused = refusedOf({ ...Object.fromEntries(shown.map(({ key, value }) => [key, value])), NODE_ENV: 'production' });
    expect(refused).toEqual(expect.arrayContaining(secrets));
    for (const key of secrets) {
      const one = { ...productionEnvironment(), [key]: shown.find((entry) => entry.key === key)!.value };
      expect(refusedOf(one)).toEqual([key]);
    }
  });

  it.each([
    ['the development secret', { APP_SECRET: readConfig({}).APP_SECRET }, 'APP_SECRET'],
    [
      'a development key among its keys',
      { ENCRYPTION_KEYS: `${productionEnvironment()['ENCRYPTION_KEYS']!},${readConfig({}).ENCRYPTION_KEYS}` },
      'ENCRYPTION_KEYS',
    ],
    [
      'a previous token that everybody knows',
      { TWILIO_AUTH_TOKEN_PREVIOUS: readConfig({}).TWILIO_AUTH_TOKEN },
      'TWILIO_AUTH_TOKEN_PREVIOUS',
    ],
    ['stand-ins and a clock that can be pushed', { SANDBOX: 'true' }, 'SANDBOX'],
    ['a model and no key for it', { OPT_OUT_MODEL: 'gpt-5-mini' }, 'OPENAI_API_KEY'],
    ['a key of the wrong length', { ENCRYPTION_KEYS: 'k1:c2hvcnQ=' }, 'ENCRYPTION_KEYS'],
  ])('does not start in production with %s', (_, wrong, key) => {
    expect(() => readConfig({ ...productionEnvironment(), ...wrong })).toThrow(new RegExp(`${key}: `));
  });
});

describe('npm run env:check', () => {
  const check = (env: Record<string, string>) => {
    const { status, stdout, stderr } = spawnSync(process.execPath, ['scripts/usher.mjs', 'env-check'], {
      cwd: ROOT,
      encoding: 'utf8',
      env: { PATH: process.env['PATH'], HOME: process.env['HOME'], ...env },
    });
    return { status, said: (stdout + stderr).trim().split('\n') };
  };

  it('says ok when nothing is missing', () => {
    const { status, said } = check(productionEnvironment());
    expect({ status, last: said.at(-1) }).toEqual({ status: 0, last: 'ok' });
  });

  it('names everything that production lacks and ends with 1', () => {
    const { status, said } = check({ NODE_ENV: 'production', API_PORT: '0' });
    expect(status).toBe(1);
    const named = said.filter((line) => line.startsWith('  ')).map((line) => line.trim().split(':')[0]);
    expect(named).toEqual([...missingInProduction(), 'API_PORT']);
  });
});
