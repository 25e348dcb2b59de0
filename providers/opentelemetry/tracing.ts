import { startTracing } from './opentelemetry';
import type { Span, Tracing } from './port';

export type TracingOptions = {
  /** Of the collector: `/v1/traces` is added. Undefined: nothing is traced and no library is loaded. */
  endpoint: string | undefined;
  service: 'usher-api' | 'usher-worker';
  release: string;
};

/** Traces by OTLP over HTTP, if somebody wants them. The libraries are loaded at first use, so that off costs neither time nor memory. */
export function openTracing({ endpoint, ...options }: TracingOptions): Promise<Tracing> {
  if (endpoint === undefined) return Promise.resolve(NO_TRACING);
  return startTracing({ endpoint, ...options });
}

const NO_SPAN: Span = { rename: () => undefined, note: () => undefined, fail: () => undefined };

export const NO_TRACING: Tracing = {
  span: (_asked, work) => work(NO_SPAN),
  traceparent: () => null,
  close: () => Promise.resolve(),
};
