import Router from '@koa/router';
import { renderToString } from 'preact-render-to-string';
import type { ApiDeps } from '../deps';
import { openApiOf, problemsOf } from '../openapi';
import { PROBLEMS, type ProblemCode } from '../problem-codes';
import type { Route } from '../route';
import { curlOf } from './curl';
import { fieldsOf } from './schema';
import { STYLE } from './style';

/** The API described for people (GET /docs) and for programs (GET /api/v1/openapi.json), both from the declared routes. Works offline. */
export function docsRouter({ settings }: Pick<ApiDeps, 'settings'>, routes: Route[]): Router {
  const router = new Router();
  // Each when it is first asked for: they take a second to write, and few processes are ever asked.
  const document = lazily(() => JSON.stringify(openApiOf(routes, { publicUrl: settings.publicUrl, version: settings.sha })));
  const page = lazily(() => `<!doctype html>${renderToString(<DocsPage routes={routes} publicUrl={settings.publicUrl} />)}`);

  router.get('/api/v1/openapi.json', (ctx) => {
    ctx.type = 'json';
    ctx.body = document();
  });
  router.get('/docs', (ctx) => {
    ctx.type = 'html';
    ctx.body = page();
  });
  router.get('/docs/style.css', (ctx) => {
    ctx.type = 'css';
    ctx.body = STYLE;
  });
  return router;
}

function lazily<T>(make: () => T): () => T {
  const made: { value?: T } = {};
  return () => (made.value ??= make());
}

type Props = { routes: Route[]; publicUrl: string };

function DocsPage({ routes, publicUrl }: Props) {
  const tags = [...new Set(routes.map(({ tag }) => tag))];
  return (
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <title>Usher API</title>
        <link rel="stylesheet" href="/docs/style.css" />
      </head>
      <body>
        <nav aria-label="Resources">
          {[...tags, 'Problems'].map((tag) => (
            <a href={`#${anchor(tag)}`}>{tag}</a>
          ))}
        </nav>
        <main>
          <Introduction publicUrl={publicUrl} />
          {tags.map((tag) => (
            <section id={anchor(tag)}>
              <h2>{tag}</h2>
              {routes
                .filter((route) => route.tag === tag)
                .map((route) => (
                  <RouteCard route={route} publicUrl={publicUrl} />
                ))}
            </section>
          ))}
          <ProblemTable />
        </main>
      </body>
    </html>
  );
}

function Introduction({ publicUrl }: Pick<Props, 'publicUrl'>) {
  return (
    <header>
      <h1>Usher API</h1>
      <p>
        JSON below <code>{publicUrl}/api/v1</code>, snake_case; described for programs in <a href="/api/v1/openapi.json">openapi.json</a>{' '}
        (OpenAPI 3.1).
      </p>
      <ul>
        <li>
          Log in with <code>Authorization: Bearer &lt;API key or session&gt;</code>.
        </li>
        <li>Instants go out as ISO 8601 UTC. ISO 8601 with an offset and epoch seconds come in.</li>
        <li>
          <code>Idempotency-Key</code> on a write: the same key and request get the same answer for 24 hours; another request under that key
          is refused.
        </li>
        <li>
          What answers a <code>version</code> sends it as <code>ETag</code> too. Every change of it takes <code>If-Match</code>: 412 if
          somebody was faster.
        </li>
        <li>
          Lists are pages: <code>?limit=50&amp;cursor=…</code>, going on while <code>next_cursor</code> is not null.
        </li>
        <li>
          429 says <code>Retry-After</code> and <code>retry_after_s</code>: wait that long and add a random second or two.
        </li>
      </ul>
    </header>
  );
}

function RouteCard({ route, publicUrl }: { route: Route; publicUrl: string }) {
  return (
    <article>
      <h3>
        <span class={`method ${route.method}`}>{route.method.toUpperCase()}</span> <code>{route.path}</code>
      </h3>
      <p>
        {route.summary} <small>{route.role === 'public' ? 'No log-in.' : `Role: ${route.role} or higher.`}</small>
      </p>
      {route.description && <p>{route.description}</p>}
      <Fields title="Query" schema={route.query} />
      <Fields title="Body" schema={route.body} />
      <pre>
        <code>{curlOf(route, publicUrl)}</code>
      </pre>
      <p>
        <small>
          Answers {String(route.status)}, or{' '}
          {problemsOf(route).map((code) => (
            <>
              <a href={`#${code}`}>{code}</a>{' '}
            </>
          ))}
        </small>
      </p>
    </article>
  );
}

function Fields({ title, schema }: { title: string; schema: Route['body'] }) {
  if (!schema) return null;
  return (
    <details>
      <summary>{title}</summary>
      <ul>
        {fieldsOf(schema).map((line) => (
          <li>
            <code>{line}</code>
          </li>
        ))}
      </ul>
    </details>
  );
}

function ProblemTable() {
  return (
    <section id="problems">
      <h2>Problems</h2>
      <p>
        Every refusal is <code>application/problem+json</code> with a stable <code>code</code> (again as <code>error</code>) and a{' '}
        <code>detail</code> in English or Spanish by <code>Accept-Language</code>.
      </p>
      <table>
        <thead>
          <tr>
            <th>Code</th>
            <th>Status</th>
            <th>English</th>
            <th>Español</th>
          </tr>
        </thead>
        <tbody>
          {(Object.keys(PROBLEMS) as ProblemCode[]).map((code) => (
            <tr id={code}>
              <td>
                <code>{code}</code>
              </td>
              <td>{PROBLEMS[code].status}</td>
              <td>{PROBLEMS[code].detail.en}</td>
              <td>{PROBLEMS[code].detail.es}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}

const anchor = (tag: string): string => tag.toLowerCase().replace(/\W+/g, '-');
