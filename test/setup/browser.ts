import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { chromium, type Browser } from 'playwright-core';
import { cacheDir, machineEnvironment, ROOT } from '../../scripts/lib/environment';

/** A real Chromium without a window. CHROMIUM_PATH names another one, as machines other than linux-x64 need. Close it in afterAll. */
export async function launchBrowser(): Promise<Browser> {
  const env = machineEnvironment();
  const given = env['CHROMIUM_PATH'];
  const folder = given ? '' : unpacked();
  return chromium.launch({
    executablePath: given ?? join(folder, 'chromium'),
    // No sandbox: Chromium's own refuses root, and the only pages here are ours. The rest fits a machine without a graphics card.
    args: ['--no-sandbox', '--disable-gpu', '--disable-dev-shm-usage', '--font-render-hinting=none'],
    ...(given ? {} : { env: { ...env, FONTCONFIG_PATH: join(folder, 'fonts') } }),
  });
}

/** The package unpacks into the folder for temporary files, where half of it may lie after an interruption: ours gets its name when it is whole. */
function unpacked(): string {
  const { version } = JSON.parse(readFileSync(join(ROOT, 'node_modules/@sparticuz/chromium/package.json'), 'utf8')) as { version: string };
  const folder = join(cacheDir(machineEnvironment()), `chromium-${version}`);
  if (existsSync(folder)) return folder;
  mkdirSync(cacheDir(machineEnvironment()), { recursive: true });
  const draft = mkdtempSync(`${folder}.`);
  const script = `import('@sparticuz/chromium').then(({ default: chromium }) => chromium.executablePath())`;
  execFileSync(process.execPath, ['-e', script], { cwd: ROOT, env: { ...machineEnvironment(), TMPDIR: draft }, stdio: 'inherit' });
  writeFileSync(join(draft, 'fonts', 'fonts.conf'), fontsConfig(folder));
  try {
    renameSync(draft, folder);
  } catch (error) {
    if (!existsSync(folder)) throw error;
    rmSync(draft, { recursive: true, force: true }); // another test file was quicker
  }
  return folder;
}

/** The package's own names folders of a cloud; text stays invisible without this. One font for every machine, so that pages measure the same. */
function fontsConfig(folder: string): string {
  const fonts = `<dir>${folder}/fonts/fonts</dir><cachedir>${folder}/fonts-cache</cachedir>`;
  return `<?xml version="1.0"?><!DOCTYPE fontconfig SYSTEM "fonts.dtd"><fontconfig>${fonts}</fontconfig>\n`;
}
