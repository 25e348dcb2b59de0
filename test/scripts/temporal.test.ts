import { delimiter, join } from 'node:path';
import { findTemporal, inCache, onPath } from '../../scripts/lib/temporal';
import { cachedProgram, type Source } from '../../scripts/lib/temporal-sources';
import { goVersion, isAtLeast, pinnedVersions, serverVersion } from '../../scripts/lib/temporal-version';
import { aFolder, aProgram, aTemporal, listener } from './fakes';

const refuses =
  (why: string): Source =>
  () =>
    Promise.resolve({ refused: why });
const offers =
  (path: string): Source =>
  () =>
    Promise.resolve({ path });

/** A machine with nothing on it but a shell. */
function aMachine() {
  const folder = aFolder();
  const [bin, cache] = [join(folder, 'bin'), join(folder, 'cache')];
  return { bin, env: { PATH: [bin, '/usr/bin', '/bin'].join(delimiter), USHER_CACHE_DIR: cache }, folder };
}

describe('findTemporal', () => {
  const { say } = listener();

  it('takes the program of TEMPORAL_CLI before one on the PATH', async () => {
    const { bin, env, folder } = aMachine();
    aTemporal(join(bin, 'temporal'));
    const chosen = aTemporal(join(folder, 'mine'));
    await expect(findTemporal({ env: { ...env, TEMPORAL_CLI: chosen }, say })).resolves.toBe(chosen);
  });

  it('refuses a TEMPORAL_CLI that is too old rather than pass over it', async () => {
    const { bin, env, folder } = aMachine();
    aTemporal(join(bin, 'temporal'));
    const old = aTemporal(join(folder, 'old'), '1.29.0');
    await expect(findTemporal({ env: { ...env, TEMPORAL_CLI: old }, say })).rejects.toThrow(
      `TEMPORAL_CLI cannot be used (${old} has server 1.29.0)`,
    );
  });

  it('takes the one on the PATH before the cache', async () => {
    const { bin, env } = aMachine();
    aTemporal(cachedProgram('temporal', env));
    const onThePath = aTemporal(join(bin, 'temporal'));
    await expect(findTemporal({ env, say })).resolves.toBe(onThePath);
  });

  it('passes over an old server on the PATH and takes the cache', async () => {
    const { bin, env } = aMachine();
    aTemporal(join(bin, 'temporal'), '1.31.9');
    const cached = aTemporal(cachedProgram('temporal', env));
    await expect(findTemporal({ env, say })).resolves.toBe(cached);
  });

  it('downloads before it builds', async () => {
    const { env, folder } = aMachine();
    const [downloaded, built] = [aTemporal(join(folder, 'downloaded')), aTemporal(join(folder, 'built'))];
    await expect(findTemporal({ env, say, sources: [onPath, inCache, offers(downloaded), offers(built)] })).resolves.toBe(downloaded);
    await expect(findTemporal({ env, say, sources: [onPath, inCache, refuses('no way out'), offers(built)] })).resolves.toBe(built);
  });

  it('passes over a download that does not run on this machine', async () => {
    const { env, folder } = aMachine();
    const broken = aProgram(join(folder, 'broken'), 'exit 126');
    const built = aTemporal(join(folder, 'built'));
    await expect(findTemporal({ env, say, sources: [offers(broken), offers(built)] })).resolves.toBe(built);
  });

  it('names every way when none works, and why it did not', async () => {
    const { env } = aMachine();
    const error = await findTemporal({ env, say, sources: [onPath, inCache, refuses('no way out'), refuses('no Go')] }).catch(String);
    for (const word of [
      'none on the PATH',
      'none in the cache',
      'no way out',
      'no Go',
      'TEMPORAL_ADDRESS',
      'TEMPORAL_CLI',
      'temporal.download',
      'Go 1.26.8',
    ]) {
      expect(error).toContain(word);
    }
  });
});

describe('versions', () => {
  it('reads the server out of what the CLI says of itself', () => {
    expect(serverVersion('temporal version 1.8.2 (Server 1.32.1, UI 2.50.1)')).toEqual([1, 32, 1]);
    expect(serverVersion('temporal version 0.0.0-DEV (Server 1.9.0, UI 2.50.1)')).toEqual([1, 9, 0]);
    expect(serverVersion('unknown flag: --version')).toBeNull();
  });

  it('reads a Go version with and without its last part', () => {
    expect(goVersion('go version go1.26.8 linux/amd64')).toEqual([1, 26, 8]);
    expect(goVersion('go version go1.27 darwin/arm64')).toEqual([1, 27, 0]);
    expect(goVersion('gcc (Debian) 12.2.0')).toBeNull();
  });

  it.each([
    [[1, 32, 0], true],
    [[1, 32, 9], true],
    [[1, 100, 0], true],
    [[2, 0, 0], true],
    [[1, 31, 9], false],
    [[0, 99, 99], false],
  ] as const)('compares by numbers: %j against 1.32.0 is enough: %s', (have, enough) => {
    expect(isAtLeast(have, [1, 32, 0])).toBe(enough);
  });

  it('names the cached program after the versions that go.mod pins', () => {
    const { cli, server } = pinnedVersions();
    expect(cachedProgram('temporal', { USHER_CACHE_DIR: '/cache' })).toBe(
      `/cache/bin/temporal-${cli}-server-${server}-${process.platform}-${process.arch}`,
    );
    expect(cachedProgram('temporal', { XDG_CACHE_HOME: '/xdg' })).toMatch(/^\/xdg\/usher\/bin\//);
    expect(cachedProgram('temporal', { HOME: '/home/ana' })).toMatch(/^\/home\/ana\/\.cache\/usher\/bin\//);
  });
});
