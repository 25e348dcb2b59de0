import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type Router from '@koa/router';
import { ROW_STYLES } from '../calendar/grid-rows';

const OURS = join(__dirname, 'assets');
const read = (path: string): string => readFileSync(path, 'utf8');

/** In the order in which they apply. */
const SHEETS = ['base.css', 'shell.css', 'parts.css', 'day.css', 'visit.css', 'book.css', 'calendar.css'];
const STYLES = [...SHEETS.map((name) => read(join(OURS, name))), ROW_STYLES].join('\n');

const asset = (name: string, content: string) => {
  const version = createHash('sha256').update(content).digest('base64url').slice(0, 10);
  return { path: `/assets/${name}`, url: `/assets/${name}?v=${version}`, content };
};

const CSS = asset('console.css', STYLES);
const HTMX = asset('htmx.js', read(require.resolve('htmx.org/dist/htmx.min.js')));
const OWN = asset('console.js', read(join(OURS, 'console.js')));
const ASSETS = [CSS, HTMX, OWN];

export const STYLESHEET = CSS.url;
/** What makes pages quicker where there is JavaScript; none is needed. */
export const SCRIPTS: readonly string[] = [HTMX.url, OWN.url];

/** The console's own files. Their addresses name their content, so they are kept for ever. */
export function assetRoutes(router: Router): void {
  for (const { path, content } of ASSETS)
    router.get(path, (ctx) => {
      ctx.type = path.slice(path.lastIndexOf('.'));
      ctx.set('Cache-Control', 'public, max-age=31536000, immutable');
      ctx.body = content;
    });
}
