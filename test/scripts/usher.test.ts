import { spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, readFileSync, rmSync, symlinkSync, utimesSync, writeFileSync } from 'node:fs';
import { delimiter, dirname, join } from 'node:path';
import { ROOT } from '../../scripts/lib/environment';
import { aFolder, aProgram } from './fakes';

/** A small repository with the real door, the real compiler and an npm that only notes its calls. */
function aRepository({ installed = true } = {}) {
  const folder = aFolder();
  const write = (path: string, text: string) => {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), text);
  };
  write('package.json', '{ "name": "small" }');
  write('package-lock.json', aLock('1.0.0'));
  write('scripts/hello.ts', `console.log('hello', process.argv.slice(2).join(' '), process.env['GREETING'] ?? '');`);
  for (const file of ['usher.mjs', 'lib/build.mjs']) cpSync(join(ROOT, 'scripts', file), join(folder, 'scripts', file));
  mkdirSync(join(folder, 'node_modules'));
  symlinkSync(join(ROOT, 'node_modules', '@swc'), join(folder, 'node_modules', '@swc'));
  if (installed) write('node_modules/.package-lock.json', aLock('1.0.0'));
  const npm = `echo "$*" >> ${folder}/npm-calls; [ -f ${folder}/npm-fails ] && exit 1; cp ${folder}/package-lock.json ${folder}/node_modules/.package-lock.json`;
  aProgram(join(folder, 'bin', 'npm'), npm);
  const usher = (args: string[], { node = [], env = {} }: { node?: string[]; env?: Record<string, string> } = {}) => {
    const path = [join(folder, 'bin'), process.env['PATH']].join(delimiter);
    const { stdout, stderr, status } = spawnSync(process.execPath, [...node, 'scripts/usher.mjs', ...args], {
      cwd: folder,
      encoding: 'utf8',
      env: { PATH: path, ...env },
    });
    return { stdout, stderr, status };
  };
  const npmCalls = () => (existsSync(join(folder, 'npm-calls')) ? readFileSync(join(folder, 'npm-calls'), 'utf8').trim().split('\n') : []);
  return { folder, write, usher, npmCalls };
}

const aLock = (version: string) =>
  JSON.stringify({
    packages: { '': {}, 'node_modules/koa': { version }, 'node_modules/only-on-another-machine': { version, optional: true } },
  });

describe('npm run <command>', () => {
  it('builds, then runs the command with its arguments and its exit code', () => {
    const { usher, write } = aRepository();
    expect(usher(['hello', 'a', 'b'])).toMatchObject({ status: 0, stdout: expect.stringContaining('hello a b') });
    write('scripts/hello.ts', 'process.exit(7);');
    expect(usher(['hello']).status).toBe(7);
  });

  it('lists the commands when it is asked for another', () => {
    expect(aRepository().usher(['goodbye'])).toMatchObject({
      status: 1,
      stderr: 'There is no command "goodbye". There are: build, hello.\n',
    });
  });

  it('says in one sentence that Node is too old', () => {
    const old = `data:text/javascript,Object.defineProperty(process,'versions',{value:{...process.versions,node:'18.20.4'}})`;
    const { status, stderr } = aRepository().usher(['hello'], { node: ['--import', old] });
    expect(status).toBe(1);
    expect(stderr).toBe(
      'Usher needs Node.js 20.19 or later, and this is 18.20.4: install a newer one (nodejs.org), then run the command again.\n',
    );
  });

  it('reads .env, and lets the caller overrule it', () => {
    const { usher, write } = aRepository();
    write('.env', 'GREETING=from-the-file\n');
    expect(usher(['hello']).stdout).toContain('from-the-file');
    expect(usher(['hello'], { env: { GREETING: 'from-the-caller' } }).stdout).toContain('from-the-caller');
  });

  it('finds the servers of a running npm start', () => {
    const { usher, write } = aRepository();
    write('.usher/running.json', JSON.stringify({ pid: process.pid, environment: { GREETING: 'from-the-run' } }));
    expect(usher(['hello']).stdout).toContain('from-the-run');
    write('.usher/running.json', JSON.stringify({ pid: 2 ** 22 + 1, environment: { GREETING: 'from-a-run-that-was-killed' } }));
    expect(usher(['hello']).stdout).not.toContain('killed');
  });
});

describe('installing', () => {
  it('installs once on a fresh clone', () => {
    const { usher, npmCalls } = aRepository({ installed: false });
    usher(['hello']);
    usher(['hello']);
    expect(npmCalls()).toEqual(['install --no-save --include=dev --no-audit --no-fund']);
  });

  it('installs again when the lockfile names another version', () => {
    const { usher, npmCalls, write } = aRepository();
    usher(['hello']);
    expect(npmCalls()).toEqual([]);
    write('package-lock.json', aLock('1.0.1'));
    usher(['hello']);
    usher(['hello']);
    expect(npmCalls()).toHaveLength(1);
  });

  it('leaves packages alone that a developer has just installed', () => {
    const { usher, npmCalls, write } = aRepository();
    write('package-lock.json', aLock('1.0.1'));
    write('node_modules/.package-lock.json', aLock('1.0.1'));
    usher(['hello']);
    expect(npmCalls()).toEqual([]);
  });

  it('tries again after an installation that failed', () => {
    const { folder, usher, npmCalls, write } = aRepository({ installed: false });
    write('npm-fails', '');
    expect(usher(['hello'])).toMatchObject({ status: 1, stderr: expect.stringContaining('The packages could not be installed') });
    rmSync(join(folder, 'npm-fails'));
    expect(usher(['hello']).status).toBe(0);
    expect(npmCalls()).toHaveLength(2);
  });
});

describe('building', () => {
  it('compiles what changed and nothing else', () => {
    const { folder, usher, write } = aRepository();
    write('domain/time.ts', 'export const hourMs: number = 3_600_000;');
    expect(usher(['build']).stdout).toBe('Built (2 files new).\n');
    expect(usher(['build']).stdout).toBe('Built (0 files new).\n');
    utimesSync(join(folder, 'domain/time.ts'), new Date(), new Date());
    expect(usher(['build']).stdout).toBe('Built (0 files new).\n');
    write('domain/time.ts', 'export const hourMs: number = 3_600_001;');
    expect(usher(['build']).stdout).toBe('Built (1 files new).\n');
    expect(readFileSync(join(folder, 'dist/domain/time.js'), 'utf8')).toContain('3_600_001');
  });

  it('takes out of dist what is gone from the source, and puts back what is gone from dist', () => {
    const { folder, usher, write } = aRepository();
    write('domain/time.ts', 'export const hourMs = 1;');
    write('domain/word.ts', 'export const word = 1;');
    usher(['build']);
    rmSync(join(folder, 'domain/time.ts'));
    rmSync(join(folder, 'dist/domain/word.js'));
    usher(['build']);
    expect(existsSync(join(folder, 'dist/domain/time.js'))).toBe(false);
    expect(existsSync(join(folder, 'dist/domain/word.js'))).toBe(true);
  });

  it('compiles pages, and copies what they need beside them', () => {
    const { folder, usher, write } = aRepository();
    symlinkSync(join(ROOT, 'node_modules', 'preact'), join(folder, 'node_modules', 'preact'));
    write('api/console/page.tsx', `export const Page = () => <p class="big">Hola</p>;`);
    write('api/console/assets/page.css', 'p { margin: 0 }');
    write('scripts/hello.ts', `import { Page } from '../api/console/page'; console.log(Page().props.class);`);
    expect(usher(['hello']).stdout).toContain('big');
    expect(readFileSync(join(folder, 'dist/api/console/assets/page.css'), 'utf8')).toBe('p { margin: 0 }');
  });

  it('names every file that does not compile, and still knows it the next time', () => {
    const { usher, write } = aRepository();
    write('domain/a.ts', 'export const = 1;');
    write('domain/b.ts', 'export const = 2;');
    for (const attempt of [1, 2]) {
      const { status, stderr } = usher(['build']);
      expect([attempt, status]).toEqual([attempt, 1]);
      expect(stderr).toContain('domain/a.ts');
      expect(stderr).toContain('domain/b.ts');
    }
  });
});
