import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { delimiter, dirname, join } from 'node:path';
import { buildCli, cachedProgram, serverPrograms } from '../../scripts/lib/temporal-sources';
import { Trouble } from '../../scripts/lib/trouble';
import { aFolder, aProgram, listener } from './fakes';

/** A Go that notes how it was called and "builds" by writing a file, or fails with what it is told to say. */
function aGo({ version = '1.26.8', fails = '' } = {}) {
  const folder = aFolder();
  const calls = join(folder, 'calls');
  const build = fails ? `echo "${fails}" >&2; exit 1` : `while [ "$1" != -o ]; do shift; done; echo program > "$2"`;
  aProgram(
    join(folder, 'bin', 'go'),
    `if [ "$1" = version ]; then echo "go version go${version} linux/amd64"; exit; fi\necho "$CGO_ENABLED $GOFLAGS $*" >> ${calls}\n${build}`,
  );
  return { calls, env: { PATH: [join(folder, 'bin'), '/usr/bin', '/bin'].join(delimiter), USHER_CACHE_DIR: join(folder, 'cache') } };
}

describe('buildCli', () => {
  it('builds the pinned module into the cache, under a name of its own until it is whole', async () => {
    const { calls, env } = aGo();
    await expect(buildCli(env, listener().say)).resolves.toEqual({ path: cachedProgram('temporal', env) });
    const call = readFileSync(calls, 'utf8');
    expect(call).toMatch(/^0 -mod=readonly build -trimpath -ldflags -s -w -o \S+ github\.com\/temporalio\/cli\/cmd\/temporal$/m);
    expect(call).not.toContain(`${cachedProgram('temporal', env)} `);
    expect(readdirSync(dirname(cachedProgram('temporal', env)))).toHaveLength(1);
  });

  it('refuses a Go that is too old, and says which it is', async () => {
    const { env } = aGo({ version: '1.25.3' });
    await expect(buildCli(env, listener().say)).resolves.toEqual({ refused: 'this Go is 1.25.3, older than 1.26.8' });
  });

  it('refuses where there is no Go', async () => {
    await expect(buildCli({ PATH: '/nowhere', USHER_CACHE_DIR: aFolder() }, listener().say)).resolves.toEqual({
      refused: 'Go is not on the PATH',
    });
  });

  it('leaves nothing in the cache when the build fails', async () => {
    const { env } = aGo({ fails: 'dial tcp: lookup proxy.golang.org: no such host' });
    await expect(buildCli(env, listener().say)).resolves.toEqual({
      refused: 'go build failed (dial tcp: lookup proxy.golang.org: no such host)',
    });
    expect(existsSync(cachedProgram('temporal', env))).toBe(false);
  });

  it('says that the disk is full when it is', async () => {
    const { env } = aGo({ fails: 'write /tmp/go-build1/b001/_pkg_.a: no space left on device' });
    await expect(buildCli(env, listener().say)).rejects.toThrow('The disk is full');
  });
});

describe('serverPrograms', () => {
  it('builds the production server and its schema tool once', async () => {
    const { calls, env } = aGo();
    const first = await serverPrograms(env, listener().say);
    await expect(serverPrograms(env, listener().say)).resolves.toEqual(first);
    expect(first).toEqual({ server: cachedProgram('temporal-server', env), sqlTool: cachedProgram('temporal-sql-tool', env) });
    expect(readFileSync(calls, 'utf8').trim().split('\n')).toHaveLength(2);
  });

  it('says what to install when it cannot build them', async () => {
    const { env } = aGo({ version: '1.20.1' });
    await expect(serverPrograms(env, listener().say)).rejects.toThrow(Trouble);
    await expect(serverPrograms(env, listener().say)).rejects.toThrow('built with Go 1.26.8 or later, and this Go is 1.20.1');
  });
});
