import { createClient } from 'graphql-ws';
import { Registry } from 'prom-client';
import { afterEach, describe, expect, it } from 'vitest';
import { WebSocket } from 'ws';
import { BARE_EDGE } from '../../../../gateway/http/edge/edge.ts';
import { readTrustedProxies } from '../../../../gateway/http/edge/client-address.ts';
import { CHECKOUT_FIELDS } from '../../../../gateway/limits/lanes/checkout-operations.ts';
import { createLanes } from '../../../../gateway/limits/lanes/lanes.ts';
import { createLimitMetrics } from '../../../../gateway/limits/limit-metrics.ts';
import { createMistakeLimit } from '../../../../gateway/limits/rate/mistake-limit.ts';
import { createRateLimit } from '../../../../gateway/limits/rate/rate-limit.ts';
import { readRateLimits } from '../../../../gateway/limits/rate/rate-limits.ts';
import { systemClock } from '../../../../platform/clock.ts';
import { createMemoryTokenBuckets } from '../../../../platform/stores/memory-token-buckets.ts';
import { createTrustedDocuments, documentId } from '../../../../gateway/trusted-documents/trusted-documents.ts';
import { keyOf, startSmallGateway } from '../../../support/small-gateway.ts';

const metrics = createLimitMetrics(new Registry());
const KEY = keyOf('price:read', 'availability:read');
const NAMED = '{ item(id: "1") { id } }';
/** A text that nobody has read yet. */
let texts = 0;
const unknownText = (fields = 'id'): string => `{ item(id: "${(texts += 1)}") { ${fields} } }`;

let gateway: Awaited<ReturnType<typeof startSmallGateway>> | null = null;
afterEach(async () => {
  await gateway?.drain();
  gateway = null;
});

async function start(options: Parameters<typeof startSmallGateway>[0]): Promise<void> {
  gateway = await startSmallGateway(options);
}

const rates = (...entries: readonly string[]) => ({ buckets: createMemoryTokenBuckets({ clock: systemClock, capacity: 100 }), limits: readRateLimits(entries), metrics, clock: systemClock });

interface Answer {
  readonly status: number;
  readonly headers: Headers;
  readonly code: string | null;
  readonly retryAfterMs: unknown;
}

async function overHttp(query: string, headers: Record<string, string> = KEY): Promise<Answer> {
  const response = await fetch(`${gateway!.url}/graphql`, { method: 'POST', headers: { 'content-type': 'application/json', ...headers }, body: JSON.stringify({ query }) });
  const { errors } = (await response.json()) as { errors?: { extensions: Record<string, unknown> }[] };
  return { status: response.status, headers: response.headers, code: (errors?.[0]?.extensions['code'] as string) ?? null, retryAfterMs: errors?.[0]?.extensions['retryAfterMs'] };
}

async function overSse(query: string, headers: Record<string, string> = KEY): Promise<string | null> {
  const aborted = new AbortController();
  const response = await fetch(`${gateway!.url}/graphql`, { method: 'POST', headers: { 'content-type': 'application/json', accept: 'text/event-stream', ...headers }, body: JSON.stringify({ query }), signal: aborted.signal });
  let text = '';
  for await (const chunk of response.body as unknown as AsyncIterable<Uint8Array>) {
    text += Buffer.from(chunk).toString();
    if (text.includes('"data"') || text.includes('"errors"')) break;
  }
  aborted.abort();
  return /"code":"(\w+)"/.exec(text)?.[1] ?? null;
}

async function overWebSocket(query: string, key: Record<string, string> = KEY): Promise<string | null> {
  const client = createClient({ url: `${gateway!.url.replace('http', 'ws')}/graphql`, webSocketImpl: WebSocket, connectionParams: key, retryAttempts: 0 });
  try {
    const result = await new Promise<any>((done, fail) => client.subscribe({ query }, { next: done, error: (error) => (Array.isArray(error) ? done({ errors: error }) : fail(error)), complete: () => undefined }));
    return result.errors?.[0]?.extensions?.code ?? null;
  } finally {
    await client.dispose();
  }
}

describe('a rate limit', () => {
  it('is one over HTTP, known text or not, event streams and WebSockets', async () => {
    await start({ checkpoints: [createRateLimit(rates('storefront=0.01/4', 'address=off'))] });
    const first = await overHttp(NAMED);
    expect([first.status, first.headers.get('ratelimit-policy'), first.headers.get('ratelimit')]).toEqual([200, '"storefront";q=4;w=400', '"storefront";r=3;t=100']);
    expect((await overHttp(NAMED)).headers.get('ratelimit')).toBe('"storefront";r=2;t=200');
    expect([await overSse(NAMED), await overWebSocket(NAMED)]).toEqual([null, null]);

    for (const query of [NAMED, unknownText()]) {
      const refused = await overHttp(query);
      expect([refused.status, refused.code, refused.headers.get('ratelimit-policy'), refused.headers.get('ratelimit')]).toEqual([429, 'RATE_LIMITED', '"storefront";q=4;w=400', expect.stringMatching(/^"storefront";r=0;t=\d+$/)]);
      expect(Number(refused.headers.get('retry-after'))).toBe(Math.ceil(Number(refused.retryAfterMs) / 1_000));
    }
    const subscription = 'subscription { stockChanged(skus: ["A"]) { id } }';
    expect([await overSse(NAMED), await overSse(subscription), await overWebSocket(NAMED), await overWebSocket(subscription)]).toEqual(Array(4).fill('RATE_LIMITED'));
    expect((await overHttp(NAMED, keyOf('price:read'))).status).toBe(200);
  });

  it('goes by the address that our proxies tell, and by nobody else\'s word', async () => {
    const checkpoints = [createRateLimit(rates('anonymous=0.01/1'))];
    const from = (address: string) => overHttp(NAMED, { 'x-forwarded-for': address });
    await start({ checkpoints, edge: { ...BARE_EDGE, proxies: readTrustedProxies(['loopback']) } });
    expect([await from('203.0.113.1'), await from('203.0.113.1'), await from('203.0.113.2'), await from('203.0.113.3, 203.0.113.2')].map(({ status }) => status)).toEqual([200, 429, 200, 429]);
    await gateway!.drain();
    await start({ checkpoints: [createRateLimit(rates('anonymous=0.01/1'))] });
    expect([await from('203.0.113.1'), await from('203.0.113.2')].map(({ status }) => status)).toEqual([200, 429]);
  });
});

describe('an answer that was compressed', () => {
  it('is not sent again to who has it, by the weak tag it went out with', async () => {
    const body = Buffer.from(JSON.stringify({ data: { item: { id: 'a'.repeat(5_000) } } }));
    const kept = { body, etag: '"one"', scope: 'PUBLIC', tags: [], ageMs: 0, keptAtMs: systemClock.now(), freshUntilMs: systemClock.now() + 600_000 } as const;
    await start({
      edge: { ...BARE_EDGE, compresses: true }, answers: { find: () => kept, keep: () => undefined, close: () => undefined },
      trusted: createTrustedDocuments('test', [{ id: documentId(NAMED), name: 'Named', body: NAMED }]),
    });
    const get = (headers: Record<string, string>) => fetch(`${gateway!.url}/graphql?documentId=sha256:${documentId(NAMED)}`, { headers: { 'accept-encoding': 'gzip', 'apollo-require-preflight': '1', ...KEY, ...headers } });
    const first = await get({});
    expect([first.status, first.headers.get('content-encoding'), first.headers.get('etag'), first.headers.get('vary')]).toEqual([200, 'gzip', 'W/"one"', expect.stringMatching(/Accept-Encoding$/)]);
    expect(await first.text()).toBe(body.toString());
    const statuses = [await get({ 'if-none-match': 'W/"one"' }), await get({ 'if-none-match': '"two", "one"' }), await get({ 'if-none-match': 'W/"two"' })].map(({ status }) => status);
    expect(statuses).toEqual([304, 304, 200]);
  });
});

describe('a full lane', () => {
  it('is OVERLOADED over HTTP, event streams and WebSockets, and empties', async () => {
    const settings = { browsing: 1, checkout: 1, maxCheckoutCost: 100, maxLagMs: 10_000, checkoutFields: [...CHECKOUT_FIELDS, 'Query.items'] };
    const registry = new Registry();
    await start({ checkpoints: [createRateLimit(rates()), createLanes({ settings, metrics: createLimitMetrics(registry), clock: systemClock })], deadlineMs: 20_000 });
    await overHttp(NAMED);
    const slow = overHttp('{ slow(ms: 4000) }');
    while (!(await registry.metrics()).includes('graph_lane_running{lane="browsing"} 1')) await new Promise((done) => setTimeout(done, 10));
    const [http, unknown, sse, socket, checkout] = await Promise.all([overHttp(NAMED), overHttp(unknownText()), overSse(NAMED), overWebSocket(NAMED), overHttp('{ items { id } }')]);
    expect([http.status, http.code, http.headers.get('retry-after')]).toEqual([503, 'OVERLOADED', '1']);
    expect(http.headers.get('ratelimit')).toContain('"storefront";r=');
    expect([unknown.status, unknown.code, unknown.headers.get('retry-after')]).toEqual([503, 'OVERLOADED', '1']);
    expect([sse, socket, checkout.status]).toEqual(['OVERLOADED', 'OVERLOADED', 200]);
    expect((await slow).status).toBe(200);
    expect((await overHttp(NAMED)).status).toBe(200);
  });
});

describe('unusable texts', () => {
  it('are no longer read after so many from one address, over any transport; known ones are', async () => {
    const options = rates('mistakes=0.01/3');
    await start({ mistakes: createMistakeLimit({ ...options, limit: options.limits.mistakes }) });
    expect((await overHttp(NAMED)).status).toBe(200);
    expect([(await overHttp(unknownText('nothing'))).code, (await overHttp('{ item(')).code, await overSse(unknownText('nothing'))]).toEqual(Array(3).fill('INVALID_INPUT'));
    // The next one is what tells that there were too many.
    expect(await overWebSocket(unknownText('nothing'))).toBe('INVALID_INPUT');
    const refused = await overHttp(unknownText('nothing'));
    expect([refused.status, refused.code, Number(refused.headers.get('retry-after')) > 0]).toEqual([429, 'RATE_LIMITED', true]);
    expect([await overSse(unknownText()), await overWebSocket(unknownText())]).toEqual(['RATE_LIMITED', 'RATE_LIMITED']);
    expect([(await overHttp(NAMED)).status, await overSse(NAMED), await overWebSocket(NAMED)]).toEqual([200, null, null]);
  });

  it('are not those that are refused for other reasons', async () => {
    const options = rates('mistakes=0.01/1');
    await start({ mistakes: createMistakeLimit({ ...options, limit: options.limits.mistakes }) });
    for (let index = 0; index < 5; index += 1) {
      expect((await overHttp('mutation { rename(id: 1, name: "a") { id } }')).code).toBe('FORBIDDEN');
      expect((await overHttp('{ __schema { types { name } } }')).code).toBe('FORBIDDEN');
      expect((await overHttp('{ broken }')).code).toBe('INTERNAL');
    }
    expect((await overHttp(unknownText())).status).toBe(200);
  });
});
