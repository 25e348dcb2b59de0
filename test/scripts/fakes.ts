import { chmodSync, mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

const folders: string[] = [];
afterAll(() => folders.forEach((folder) => rmSync(folder, { recursive: true, force: true })));

/** An empty folder of this test file's own, gone when the file is done. */
export function aFolder(): string {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), 'usher-scripts-')));
  folders.push(folder);
  return folder;
}

/** A program that is a shell script. Answers its path. */
export function aProgram(path: string, script: string): string {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, `#!/bin/sh\n${script}\n`);
  chmodSync(path, 0o755);
  return path;
}

/** A `temporal` that only knows its version. */
export const aTemporal = (path: string, server = '1.32.1'): string =>
  aProgram(path, `echo "temporal version 1.8.2 (Server ${server}, UI 2.50.1)"`);

/** Keeps what is said, to look at. */
export function listener(): { said: string[]; say: (line: string) => void } {
  const said: string[] = [];
  return { said, say: (line) => void said.push(line) };
}
