import type Router from '@koa/router';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';

const OURS = join(__dirname, 'assets');

/** In the order in which they apply. */
export const STYLES = ['base.css', 'layout.css', 'phone.css', 'composer.css', 'visits.css', 'sheet.css'];

/**
 * The page's own files and htmx's, each by its name: nothing comes from elsewhere. htmx and its extension are one file, because htmx looks at the page
 * as soon as it is loaded: an extension that comes a moment later finds nothing to do (seen: pages that got no news).
 */
const FILES: Record<string, string[]> = {
  ...Object.fromEntries([...STYLES, 'handset.js', 'icon.svg'].map((name) => [name, [join(OURS, name)]])),
  'htmx.js': [require.resolve('htmx.org/dist/htmx.min.js'), require.resolve('htmx.org/dist/ext/hx-sse.min.js')],
};

export function assetRoutes(router: Router): void {
  router.get('/handset/assets/:file', async (ctx) => {
    const name = ctx.params.file ?? '';
    const paths = Object.hasOwn(FILES, name) ? FILES[name] : undefined;
    if (paths === undefined) return ctx.throw(404);
    ctx.set('Cache-Control', 'no-cache');
    ctx.type = name.slice(name.lastIndexOf('.'));
    ctx.body = (await Promise.all(paths.map((path) => readFile(path, 'utf8')))).join('\n');
  });
}
