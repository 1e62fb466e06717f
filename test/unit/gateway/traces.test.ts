import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { createHttpClient } from '../../../gateway/clients/transport/http-client.ts';
import { tracedClient } from '../../../gateway/traces.ts';
import { createCaller, DEFAULT_CALL_POLICY } from '../../../platform/call/call.ts';
import { systemClock } from '../../../platform/clock.ts';
import { silentLog } from '../../../platform/log.ts';
import { createSigner } from '../../../platform/signed.ts';
import { isTracing, startSpan, startTracing } from '../../../platform/telemetry.ts';
import type { RequestScope, Subgraph } from '../../../subgraphs/frame/module.ts';
import { writeScope } from '../../../subgraphs/frame/scope-header.ts';
import { createServiceHost } from '../../../subgraphs/frame/service-host.ts';
import { keyOf, startSmallGateway } from '../../support/small-gateway.ts';
import { smallSchemas } from '../../support/small-supergraph.ts';

interface Span {
  readonly traceId: string;
  readonly spanId: string;
  readonly parentSpanId?: string;
  readonly name: string;
  readonly status: { readonly code?: number; readonly message?: string };
}

const cleanups: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (let clean = cleanups.pop(); clean; clean = cleanups.pop()) await clean();
});

/** Takes spans as an OpenTelemetry collector does, over OTLP/HTTP. */
async function startCollector(): Promise<{ readonly endpoint: string; readonly spans: Span[] }> {
  const spans: Span[] = [];
  const server: Server = createServer((request, response) => {
    let body = '';
    request.on('data', (chunk: Buffer) => (body += chunk.toString()));
    request.on('end', () => {
      for (const { scopeSpans } of (JSON.parse(body) as any).resourceSpans) for (const scope of scopeSpans) spans.push(...scope.spans);
      response.setHeader('content-type', 'application/json').end('{}');
    });
  });
  await new Promise<void>((ready) => server.listen(0, '127.0.0.1', ready));
  cleanups.push(() => new Promise((done) => server.close(done)));
  return { endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, spans };
}

const signer = createSigner({ secret: 'a-secret-that-has-at-least-32-characters', ttlMs: 60_000, clock: systemClock });

/** Subgraph services over HTTP, and the gateway's clients of them. */
async function startServices(callVendor: (scope: RequestScope) => Promise<void>) {
  const clients: Record<string, ReturnType<typeof tracedClient>> = {};
  for (const [name, schema] of Object.entries(smallSchemas().schemas)) {
    const subgraph = { name, schema, client: null, createContext: (scope: RequestScope) => (void callVendor(scope), { scope }), health: async () => ({ ok: true, reasons: [] }) } as unknown as Subgraph;
    const host = createServiceHost({ subgraph, signer, clock: systemClock, log: silentLog, maxDeadlineMs: 5_000, metrics: async () => '' });
    const client = createHttpClient({ name, url: `${await host.listen({ port: 0, host: '127.0.0.1' })}/graphql`, timeoutMs: 5_000, createHeaders: (call) => writeScope(signer, call.context as RequestScope) });
    clients[name] = tracedClient(name, client);
    cleanups.push(() => host.close(), () => client.close());
  }
  return clients;
}

describe('traces', () => {
  it('are one from the caller through gateway and subgraph to the vendor', async () => {
    const { endpoint, spans } = await startCollector();
    const stop = await startTracing({ endpoint, sampleRatio: 1, serviceName: 'test' });
    const vendor = createCaller('erp', DEFAULT_CALL_POLICY, { clock: systemClock, random: () => 0 });
    const callVendor = async ({ traceparent, signal, deadlineAtMs }: RequestScope): Promise<void> =>
      vendor({ signal, deadlineAtMs, repeatable: true, traceparent: traceparent ?? undefined }, async () => undefined);
    const gateway = await startSmallGateway({ clients: await startServices(callVendor) });
    const traceId = 'abcdef0123456789abcdef0123456789';
    const response = await fetch(`${gateway.url}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', traceparent: `00-${traceId}-00f067aa0ba902b7-01`, ...keyOf('price:read') },
      body: JSON.stringify({ query: 'query Page { item(id: "1") { name price } }' }),
    });
    expect(await response.json()).toEqual({ data: { item: { name: 'Item 1', price: '1.00' } } });
    await gateway.drain();
    await stop();
    expect(new Set(spans.map((span) => span.traceId))).toEqual(new Set([traceId]));
    const byId = new Map(spans.map((span) => [span.spanId, span]));
    const lineage = (span: Span): string => (byId.has(span.parentSpanId ?? '') ? `${lineage(byId.get(span.parentSpanId!)!)} > ${span.name}` : `${span.parentSpanId} > ${span.name}`);
    expect(spans.filter(({ name }) => name === 'call erp').map(lineage).sort()).toEqual([
      '00f067aa0ba902b7 > query Page > subrequest prices > subgraph prices > call erp',
      '00f067aa0ba902b7 > query Page > subrequest shop > subgraph shop > call erp',
    ]);
  });

  it('say what failed, by its code', async () => {
    const { endpoint, spans } = await startCollector();
    const stop = await startTracing({ endpoint, sampleRatio: 1, serviceName: 'test' });
    const gateway = await startSmallGateway();
    await fetch(`${gateway.url}/graphql`, { method: 'POST', headers: { 'content-type': 'application/json' }, body: '{"query":"{ broken }"}' });
    await gateway.drain();
    await stop();
    expect(spans).toMatchObject([{ name: 'query', status: { code: 2, message: 'INTERNAL' } }]);
  });

  it('cost nothing and change nothing while nobody collects them', async () => {
    const stop = await startTracing({ endpoint: undefined, sampleRatio: 1, serviceName: 'test' });
    expect(isTracing()).toBe(false);
    expect(startSpan('query', { kind: 'server', parent: null })).toBeNull();
    await stop();
  });
});

describe('a subgraph service', () => {
  it('shows no word of what breaks outside of resolvers', async () => {
    const schema = smallSchemas().schemas['shop']!;
    const subgraph = { name: 'shop', schema, client: null, createContext: () => { throw new Error('hunter2'); }, health: async () => ({ ok: true, reasons: [] }) } as unknown as Subgraph;
    const host = createServiceHost({ subgraph, signer, clock: systemClock, log: silentLog, maxDeadlineMs: 5_000, metrics: async () => '' });
    cleanups.push(() => host.close());
    const scope = { principal: { subject: 's', kind: 'SERVICE', scopes: [], channel: null, customerNumber: null, companyNumber: null }, shopping: { channel: null, locale: null, currencyCode: null, companyLocation: null }, signal: new AbortController().signal, deadlineAtMs: 0, traceparent: null } as RequestScope;
    const send = (payload: unknown) => host.inject({ method: 'POST', url: '/graphql', headers: writeScope(signer, scope), payload: payload as object });
    expect((await send({ query: '{ mine }' })).body).toMatch(/^\{"code":"INTERNAL","message":"Internal error [0-9a-f-]{36}"\}$/);
    expect((await send({ question: 1 })).json()).toMatchObject({ errors: [{ extensions: { code: 'INVALID_INPUT' } }] });
    expect((await host.inject({ method: 'POST', url: '/graphql', payload: { query: '{ mine }' } })).statusCode).toBe(401);
  });
});
