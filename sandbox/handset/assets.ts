import type Router from '@koa/router';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';

const OURS = join(__dirname, 'assets');

/** In the order in which they apply. */
export const STYLES = ['base.css', 'layout.css', 'phone.css', 'composer.css', 'visits.css', 'sheet.css'];

/** The page's own files and htmx's, each by its name: nothing comes from elsewhere. */
const FILES: Record<string, string> = {
  ...Object.fromEntries([...STYLES, 'handset.js', 'icon.svg'].map((name) => [name, join(OURS, name)])),
  'htmx.js': require.resolve('htmx.org/dist/htmx.min.js'),
  'hx-sse.js': require.resolve('htmx.org/dist/ext/hx-sse.min.js'),
};

export function assetRoutes(router: Router): void {
  router.get('/handset/assets/:file', async (ctx) => {
    const name = ctx.params.file ?? '';
    const path = Object.hasOwn(FILES, name) ? FILES[name] : undefined;
    if (path === undefined) return ctx.throw(404);
    ctx.set('Cache-Control', 'no-cache');
    ctx.type = name.slice(name.lastIndexOf('.'));
    ctx.body = await readFile(path);
  });
}
