import { createServer, request, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createApi } from '../../api/app';
import type { ApiDeps } from '../../api/deps';

export type Serving = { url: string; close: () => Promise<void> };

/** A server at an address of its own. Close it in afterAll. */
async function listening(handle: (url: string) => RequestListener): Promise<Serving> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const url = `http://127.0.0.1:${String((server.address() as AddressInfo).port)}`;
  server.on('request', handle(url));
  const close = async (): Promise<void> => {
    server.closeAllConnections();
    await new Promise<void>((resolve) => server.close(() => resolve()));
  };
  return { url, close };
}

/** A second api, over other connections or with other settings. */
export const alsoServed = (deps: ApiDeps, settings: Partial<ApiDeps['settings']> = {}): Promise<Serving> =>
  listening((url) => {
    const handle = createApi({ ...deps, settings: { ...deps.settings, publicUrl: url, webhookUrl: url, ...settings } }).callback();
    return (req, res) => void handle(req, res);
  });

/** A proxy that takes a prefix off the path and passes everything else on as it came. `target` may be named later: the api must know the proxy's address. */
export function aProxy(prefix: string, target: () => string): Promise<Serving> {
  return listening(() => (incoming, answer) => {
    const path = incoming.url?.startsWith(prefix) === true ? incoming.url.slice(prefix.length) : '/not-here';
    const { method, headers } = incoming;
    const onward = request(`${target()}${path}`, { method, headers }, (response) => {
      answer.writeHead(response.statusCode ?? 502, response.headers);
      response.pipe(answer);
    });
    incoming.pipe(onward);
  });
}
