import type { Context, Link, Span as SdkSpan } from '@opentelemetry/api';
import { context, propagation, ROOT_CONTEXT, SpanKind, SpanStatusCode, trace } from '@opentelemetry/api';
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-http';
import { resourceFromAttributes } from '@opentelemetry/resources';
import { BatchSpanProcessor, NodeTracerProvider } from '@opentelemetry/sdk-trace-node';
import type { Span, SpanAsked, Tracing } from './port';

/**
 * Traces by OpenTelemetry's SDK. Its resource is what is named here: no detector adds the host, the user or the command line, and nothing is instrumented by
 * itself, since an HTTP client's own spans would carry addresses with people's numbers in them.
 */
export function startTracing({ endpoint, service, release }: { endpoint: string; service: string; release: string }): Tracing {
  const exporter = new OTLPTraceExporter({ url: `${endpoint.replace(/\/$/, '')}/v1/traces` });
  const provider = new NodeTracerProvider({
    resource: resourceFromAttributes({ 'service.name': service, 'service.version': release }),
    spanProcessors: [new BatchSpanProcessor(exporter)],
  });
  provider.register(); // context that follows promises, and the W3C form of a trace's name
  const tracer = provider.getTracer('usher');

  return {
    span: (asked, work) => {
      const options = { kind: KINDS[asked.kind], attributes: asked.facts ?? {}, links: linksOf(asked.link) };
      return tracer.startActiveSpan(asked.name, options, causeOf(asked), (span) => run(span, work));
    },
    traceparent: () => {
      const carrier: { traceparent?: string } = {};
      propagation.inject(context.active(), carrier);
      return carrier.traceparent ?? null;
    },
    close: async () => {
      await provider.shutdown();
      for (const part of [trace, context, propagation]) part.disable();
    },
  };
}

const KINDS = { server: SpanKind.SERVER, client: SpanKind.CLIENT, producer: SpanKind.PRODUCER, consumer: SpanKind.CONSUMER };

function causeOf({ parent, link }: SpanAsked): Context {
  if (typeof parent === 'string') return propagation.extract(ROOT_CONTEXT, { traceparent: parent });
  return parent === null || typeof link === 'string' ? ROOT_CONTEXT : context.active();
}

function linksOf(traceparent: string | null | undefined): Link[] {
  if (typeof traceparent !== 'string') return [];
  const linked = trace.getSpanContext(propagation.extract(ROOT_CONTEXT, { traceparent }));
  return linked ? [{ context: linked }] : [];
}

async function run<Result>(sdkSpan: SdkSpan, work: (span: Span) => Promise<Result>): Promise<Result> {
  const fail = (code: string): void => void sdkSpan.setStatus({ code: SpanStatusCode.ERROR, message: code });
  try {
    return await work({
      rename: (name) => void sdkSpan.updateName(name),
      note: (facts) => void sdkSpan.setAttributes(facts),
      fail,
    });
  } catch (error) {
    fail(error instanceof Error ? error.name : 'unknown'); // its message may quote a person
    throw error;
  } finally {
    sdkSpan.end();
  }
}
