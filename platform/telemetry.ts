import { ROOT_CONTEXT, SpanKind, SpanStatusCode, TraceFlags, trace, type Attributes, type Context, type SpanContext, type Tracer } from '@opentelemetry/api';

/**
 * Traces. The parent travels as a W3C `traceparent` in requests and calls, never in ambient state, so that a span
 * belongs to whoever was asked. Off (the default) nothing is allocated: `startSpan` answers null.
 */
export interface TracedSpan {
  /** What whoever is asked next takes as its parent. */
  readonly traceparent: string;
  /** @param errorCode code of the failure table; null = it went well */
  end(errorCode: string | null): void;
}

export interface SpanStart {
  readonly kind: 'server' | 'client' | 'internal';
  /** W3C traceparent of the asker; null or unreadable starts a trace. */
  readonly parent: string | null | undefined;
  readonly attributes?: Attributes;
}

export interface TracingOptions {
  /** OTLP over HTTP, without the path: "http://collector:4318". Undefined leaves tracing off. */
  readonly endpoint: string | undefined;
  /** Of traces that begin here, so many are kept: 0 to 1. Those that others began are kept as they say. */
  readonly sampleRatio: number;
  readonly serviceName: string;
}

const KINDS = { server: SpanKind.SERVER, client: SpanKind.CLIENT, internal: SpanKind.INTERNAL };
const TRACEPARENT = /^[0-9a-f]{2}-([0-9a-f]{32})-([0-9a-f]{16})-([0-9a-f]{2})$/;

// OpenTelemetry itself is one per process; so is this.
let tracer: Tracer | null = null;

/** @returns stops tracing after what is still held has been sent. The SDK is loaded only when there is an endpoint. */
export async function startTracing({ endpoint, sampleRatio, serviceName }: TracingOptions): Promise<() => Promise<void>> {
  if (!endpoint) return async () => undefined;
  const [{ OTLPTraceExporter }, { resourceFromAttributes }, { NodeTracerProvider, BatchSpanProcessor, ParentBasedSampler, TraceIdRatioBasedSampler }] = await Promise.all([
    import('@opentelemetry/exporter-trace-otlp-http'),
    import('@opentelemetry/resources'),
    import('@opentelemetry/sdk-trace-node'),
  ]);
  const exporter = new OTLPTraceExporter({ url: `${endpoint.replace(/\/$/, '')}/v1/traces` });
  const provider = new NodeTracerProvider({
    sampler: new ParentBasedSampler({ root: new TraceIdRatioBasedSampler(sampleRatio) }),
    resource: resourceFromAttributes({ 'service.name': serviceName }),
    spanProcessors: [new BatchSpanProcessor(exporter, { scheduledDelayMillis: 1_000 })],
  });
  tracer = provider.getTracer('unified-commerce-graph');
  return async () => {
    tracer = null;
    await provider.shutdown();
  };
}

export const isTracing = (): boolean => tracer !== null;

export function startSpan(name: string, { kind, parent, attributes = {} }: SpanStart): TracedSpan | null {
  if (!tracer) return null;
  const span = tracer.startSpan(name, { kind: KINDS[kind], attributes }, contextOf(parent));
  return {
    traceparent: writeTraceparent(span.spanContext()),
    end: (errorCode) => {
      if (errorCode !== null) span.setStatus({ code: SpanStatusCode.ERROR, message: errorCode }).setAttribute('error.type', errorCode);
      span.end();
    },
  };
}

function contextOf(traceparent: string | null | undefined): Context {
  const [, traceId, spanId, flags] = TRACEPARENT.exec(traceparent ?? '') ?? [];
  if (!traceId || !spanId) return ROOT_CONTEXT;
  return trace.setSpanContext(ROOT_CONTEXT, { traceId, spanId, traceFlags: Number.parseInt(flags!, 16) & TraceFlags.SAMPLED, isRemote: true });
}

const writeTraceparent = ({ traceId, spanId, traceFlags }: SpanContext): string => `00-${traceId}-${spanId}-${traceFlags.toString(16).padStart(2, '0')}`;
