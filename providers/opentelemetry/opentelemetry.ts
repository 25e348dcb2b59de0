import type * as OpenTelemetry from '@opentelemetry/api';
import type { Context, Link, Span as SdkSpan } from '@opentelemetry/api';
import { errorCode } from '../../domain/error-code';
import type { Span, SpanAsked, Tracing } from './port';

type Api = typeof OpenTelemetry;
type Options = { endpoint: string; service: string; release: string };

/**
 * Traces by OpenTelemetry's SDK, whose packages are loaded here, at first use. Its resource is what is named here: no detector adds the host, the user or the
 * command line, and nothing is instrumented by itself, since an HTTP client's own spans would carry addresses with people's numbers in them.
 */
export async function startTracing({ endpoint, service, release }: Options): Promise<Tracing> {
  const api = await import('@opentelemetry/api');
  const { OTLPTraceExporter } = await import('@opentelemetry/exporter-trace-otlp-http');
  const { resourceFromAttributes } = await import('@opentelemetry/resources');
  const { BatchSpanProcessor, NodeTracerProvider } = await import('@opentelemetry/sdk-trace-node');

  const exporter = new OTLPTraceExporter({ url: `${endpoint.replace(/\/$/, '')}/v1/traces` });
  const provider = new NodeTracerProvider({
    resource: resourceFromAttributes({ 'service.name': service, 'service.version': release }),
    spanProcessors: [new BatchSpanProcessor(exporter)],
  });
  provider.register(); // context that follows promises, and the W3C form of a trace's name
  const tracer = provider.getTracer('usher');

  return {
    span: ({ name, kind, facts = {}, ...asked }, work) => {
      const options = { kind: api.SpanKind[KINDS[kind]], attributes: facts, links: linksOf(api, asked.link) };
      return tracer.startActiveSpan(name, options, causeOf(api, asked), (span) => run(api, span, work));
    },
    traceparent: () => {
      const carrier: { traceparent?: string } = {};
      api.propagation.inject(api.context.active(), carrier);
      return carrier.traceparent ?? null;
    },
    close: async () => {
      await provider.shutdown();
      for (const part of [api.trace, api.context, api.propagation]) part.disable();
    },
  };
}

const KINDS = { server: 'SERVER', client: 'CLIENT', producer: 'PRODUCER', consumer: 'CONSUMER' } as const;

function causeOf({ propagation, context, ROOT_CONTEXT }: Api, { parent, link }: Pick<SpanAsked, 'parent' | 'link'>): Context {
  if (typeof parent === 'string') return propagation.extract(ROOT_CONTEXT, { traceparent: parent });
  return parent === null || typeof link === 'string' ? ROOT_CONTEXT : context.active();
}

function linksOf({ propagation, trace, ROOT_CONTEXT }: Api, traceparent: string | null | undefined): Link[] {
  if (typeof traceparent !== 'string') return [];
  const linked = trace.getSpanContext(propagation.extract(ROOT_CONTEXT, { traceparent }));
  return linked ? [{ context: linked }] : [];
}

async function run<Result>({ SpanStatusCode }: Api, sdkSpan: SdkSpan, work: (span: Span) => Promise<Result>): Promise<Result> {
  const fail = (code: string): void => void sdkSpan.setStatus({ code: SpanStatusCode.ERROR, message: code });
  try {
    return await work({
      rename: (name) => void sdkSpan.updateName(name),
      note: (facts) => void sdkSpan.setAttributes(facts),
      fail,
    });
  } catch (error) {
    fail(errorCode(error)); // its message may quote a person
    throw error;
  } finally {
    sdkSpan.end();
  }
}
