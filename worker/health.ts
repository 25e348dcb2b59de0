import { createServer } from 'node:http';
import type { Server } from 'node:http';
import type { Registry } from 'prom-client';
import { Gauge } from 'prom-client';

export type HealthOptions = {
  port: number;
  bind: string;
  registry: Registry;
  sha: string;
  ready: () => boolean;
  rung: () => number;
  rings: () => Promise<{ waiting: number; oldestS: number; failing: number }>;
};

/** GET /healthz, /ready and /metrics of the worker, for supervisors and Prometheus. */
export function startHealth({ port, bind, registry, sha, ready, rung, rings }: HealthOptions): Promise<Server> {
  const gauge = (name: string, help: string): Gauge => new Gauge({ name, help, registers: [registry] });
  const waiting = gauge('usher_doorbells_waiting', 'Doorbells not yet rung');
  const oldest = gauge('usher_doorbells_oldest_seconds', 'Age of the oldest doorbell');
  const failing = gauge('usher_doorbells_failing', 'Doorbells that failed ten times or more');
  const total = gauge('usher_doorbells_rung', 'Doorbells rung by this process since it started');

  const metrics = async (): Promise<string> => {
    const now = await rings();
    waiting.set(now.waiting);
    oldest.set(now.oldestS);
    failing.set(now.failing);
    total.set(rung());
    return registry.metrics();
  };

  const server = createServer((request, response) => {
    const answer = (status: number, body: string, type = 'application/json'): void => {
      response.writeHead(status, { 'content-type': type }).end(body);
    };
    if (request.url === '/healthz') answer(200, JSON.stringify({ status: 'ok', sha }));
    else if (request.url === '/ready') answer(ready() ? 200 : 503, JSON.stringify({ ready: ready() }));
    else if (request.url === '/metrics')
      metrics().then(
        (text) => answer(200, text, registry.contentType),
        () => answer(503, JSON.stringify({ error: 'database' })),
      );
    else answer(404, JSON.stringify({ error: 'not_found' }));
  });
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, bind, () => resolve(server));
  });
}
