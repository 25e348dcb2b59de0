import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

export type Exported = {
  service: string;
  name: string;
  traceId: string;
  spanId: string;
  parentSpanId: string;
  /** Trace ids of what it is linked to. */
  links: string[];
  facts: Record<string, unknown>;
  failed: boolean;
};

/** An OpenTelemetry collector on this machine: keeps every byte it was sent. */
export type Collector = { url: string; bytes: () => string; spans: () => Exported[]; close: () => Promise<void> };

export async function startCollector(): Promise<Collector> {
  const bodies: string[] = [];
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      bodies.push(Buffer.concat(chunks).toString('utf8'));
      response.writeHead(200, { 'content-type': 'application/json' }).end('{}');
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${String((server.address() as AddressInfo).port)}`,
    bytes: () => bodies.join('\n'),
    spans: () => bodies.flatMap((body) => (JSON.parse(body) as Body).resourceSpans.flatMap(spansOf)),
    close: () =>
      new Promise((resolve) => {
        server.closeAllConnections();
        server.close(() => resolve());
      }),
  };
}

type Value = { stringValue?: string; intValue?: string | number; boolValue?: boolean };
type Attributes = { key: string; value: Value }[];
type SdkSpan = {
  name: string;
  traceId: string;
  spanId: string;
  parentSpanId?: string;
  attributes: Attributes;
  links?: { traceId: string }[];
  status?: { code?: number };
};
type ResourceSpans = { resource: { attributes: Attributes }; scopeSpans: { spans: SdkSpan[] }[] };
type Body = { resourceSpans: ResourceSpans[] };

const factsOf = (attributes: Attributes): Record<string, unknown> =>
  Object.fromEntries(attributes.map(({ key, value }) => [key, value.stringValue ?? value.boolValue ?? Number(value.intValue)]));

const spansOf = ({ resource, scopeSpans }: ResourceSpans): Exported[] =>
  scopeSpans.flatMap(({ spans }) =>
    spans.map(({ name, traceId, spanId, parentSpanId = '', attributes, links = [], status }) => ({
      service: String(factsOf(resource.attributes)['service.name']),
      name,
      traceId,
      spanId,
      parentSpanId,
      links: links.map((link) => link.traceId),
      facts: factsOf(attributes),
      failed: status?.code === 2,
    })),
  );
