import { createHmac } from 'node:crypto';
import Fastify, { type FastifyInstance } from 'fastify';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { manualClock } from '../../../platform/clock.ts';
import { createEngine, type Engine } from '../../../sandbox/engine/engine.ts';
import { pushPimEvents } from '../../../sandbox/faces/akeneo/events.ts';
import { registerAkeneoFace } from '../../../sandbox/faces/akeneo/register.ts';
import { sampleSeed } from '../../../sandbox/seeds/sample.ts';

const { pim } = sampleSeed();
interface List { readonly _links: { readonly next?: { readonly href: string } }; readonly _embedded: { readonly items: { uuid: string; code: string; parent: string | null; values: Record<string, { locale: string | null; data: unknown }[]> }[] } }

let clock: ReturnType<typeof manualClock>;
let engine: Engine;
let app: FastifyInstance;
let token: string;

const basic = `Basic ${Buffer.from('sandbox:sandbox-secret').toString('base64')}`;
const askToken = (payload: object, authorization = basic) => app.inject({ method: 'POST', url: '/akeneo/api/oauth/v1/token', headers: { authorization }, payload });
const get = (path: string) => app.inject({ method: 'GET', url: `/akeneo/api/rest/v1/${path}`, headers: { authorization: `Bearer ${token}` } });
const search = (filters: object) => `search=${encodeURIComponent(JSON.stringify(filters))}`;

async function follow(first: string): Promise<List['_embedded']['items']> {
  const items: List['_embedded']['items'] = [];
  for (let next: string | undefined = `/akeneo/api/rest/v1/${first}`; next !== undefined; ) {
    const answer: List = (await app.inject({ method: 'GET', url: next, headers: { authorization: `Bearer ${token}` } })).json();
    items.push(...answer._embedded.items);
    next = answer._links.next?.href.replace(/^http:\/\/[^/]+/, '');
  }
  return items;
}

beforeEach(async () => {
  clock = manualClock(Date.UTC(2026, 0, 15));
  engine = createEngine({ clock, dataDir: null });
  engine.execute('load-pim', pim);
  app = Fastify();
  await app.register((scope, _options, done) => {
    registerAkeneoFace(scope, engine);
    done();
  }, { prefix: '/akeneo' });
  token = (await askToken({ grant_type: 'password', username: 'bot', password: 'bot-password' })).json<{ access_token: string }>().access_token;
});
afterEach(async () => {
  await app.close();
  engine.close();
});

describe('tokens', () => {
  it('expire after an hour and are renewed once by the refresh token', async () => {
    const { refresh_token: refresh } = (await askToken({ grant_type: 'password', username: 'bot', password: 'bot-password' })).json<{ refresh_token: string }>();
    clock.advance(3600 * 1000);
    expect((await get('locales')).json()).toEqual({ code: 401, message: 'The access token provided has expired.' });
    const renewed = await askToken({ grant_type: 'refresh_token', refresh_token: refresh });
    expect(renewed.statusCode).toBe(200);
    token = renewed.json<{ access_token: string }>().access_token;
    expect((await get('locales')).statusCode).toBe(200);
    expect((await askToken({ grant_type: 'refresh_token', refresh_token: refresh })).statusCode).toBe(422);
  });

  it('are refused to strangers', async () => {
    expect((await askToken({ grant_type: 'password', username: 'bot', password: 'wrong' })).statusCode).toBe(422);
    expect((await askToken({ grant_type: 'password', username: 'bot', password: 'bot-password' }, 'Basic eDp5')).statusCode).toBe(422);
  });
});

describe('paging', () => {
  it('gives every product once by following the links', async () => {
    const uuids = (await follow('products-uuid?pagination_type=search_after&limit=100')).map((item) => item.uuid);
    expect(uuids).toHaveLength(pim.products.length);
    expect(new Set(uuids).size).toBe(uuids.length);
    const codes = (await follow('product-models?pagination_type=search_after&limit=37')).map((item) => item.code);
    expect(codes.sort()).toEqual(pim.productModels.map((model) => model.code).sort());
    expect(await follow('categories?limit=7')).toHaveLength(pim.categories.length);
  });

  it('refuses more than a hundred and pages beyond ten thousand', async () => {
    for (const query of ['limit=101', 'page=101&limit=100', 'limit=x', 'pagination_type=other']) {
      expect((await get(`products-uuid?${query}`)).statusCode, query).toBe(422);
    }
  });
});

describe('search', () => {
  it('gives a delta: changed products, and variants of a changed model', async () => {
    clock.advance(60_000);
    engine.execute('patch-product-model', { code: 'RNJ-ALD', values: { season: [{ scope: null, locale: null, data: 'winter' }] } });
    const filter = search({ updated: [{ operator: '>', value: '2026-01-15 00:00:30' }] });
    expect((await follow(`products-uuid?${filter}&limit=100`)).map((item) => item.parent?.slice(0, 7))).toEqual(Array(6).fill('RNJ-ALD'));
    expect((await follow(`product-models?${filter}&limit=100`)).map((item) => item.code)).toEqual(['RNJ-ALD']);
  });

  it('finds by SKU, family, parent, category tree and attribute', async () => {
    const count = async (filters: object) => (await follow(`products-uuid?limit=100&pagination_type=search_after&${search(filters)}`)).length;
    expect(await count({ sku: [{ operator: 'IN', value: ['TNT-ALD', 'MUG/ENA 01', 'nowhere'] }] })).toBe(2);
    expect(await count({ identifier: [{ operator: 'STARTS WITH', value: 'TNT-' }] })).toBe(20);
    expect(await count({ enabled: [{ operator: '=', value: false }] })).toBe(1);
    expect(await count({ categories: [{ operator: 'IN CHILDREN', value: ['outdoor'] }] })).toBeGreaterThan(200);
    expect(await count({ waterproof: [{ operator: '=', value: true }], family: [{ operator: 'IN', value: ['footwear'] }] })).toBe(56);
  });

  it('refuses what it does not know', async () => {
    for (const filter of ['search={', search({ nothing: [{ operator: '=', value: 1 }] }), search({ family: [{ operator: '~', value: 1 }] }), search({ updated: [{ operator: '>', value: 'yesterday' }] })]) {
      expect((await get(`products-uuid?${filter}`)).statusCode, filter).toBe(422);
    }
  });
});

it('answers only the asked locales and inherits from the models', async () => {
  const [variant] = (await get(`products-uuid?limit=1&scope=ecommerce&locales=de_DE&${search({ parent: [{ operator: '=', value: 'BPK-ALD' }] })}`)).json<List>()._embedded.items;
  expect(variant?.values['name']?.map((value) => [value.locale, value.data])).toEqual([['de_DE', 'Rucksack Alder']]);
  expect(variant?.values['picture_front']).toHaveLength(1);
});

it('serves pictures', async () => {
  const media = Object.values(engine.pim.state.media)[0]!;
  const answer = await get(`media-files/${media.code}/download`);
  expect(answer.headers['content-type']).toBe('image/svg+xml');
  expect(answer.body).toMatch(/^<svg .*<\/svg>$/s);
});

it('serves four calls at a time per connection and says 429 to the fifth', async () => {
  await app.close();
  app = Fastify();
  const gate: { open: () => void } = { open: () => undefined };
  const opened = new Promise<void>((resolve) => (gate.open = resolve));
  app.addHook('preHandler', (request) => (request.url.includes('/rest/') ? opened : Promise.resolve()));
  await app.register((scope, _options, done) => {
    registerAkeneoFace(scope, engine);
    done();
  }, { prefix: '/akeneo' });
  const url = await app.listen({ port: 0, host: '127.0.0.1' });
  token = (await askToken({ grant_type: 'password', username: 'bot', password: 'bot-password' })).json<{ access_token: string }>().access_token;
  const call = () => fetch(`${url}/akeneo/api/rest/v1/locales`, { headers: { authorization: `Bearer ${token}` } });
  const calls = Array.from({ length: 5 }, call);
  const refused = await Promise.race(calls);
  expect([refused.status, refused.headers.get('retry-after')]).toEqual([429, '1']);
  gate.open();
  const statuses = (await Promise.all(calls)).map((answer) => answer.status).sort();
  expect(statuses).toEqual([200, 200, 200, 200, 429]);
});

describe('pushed events', () => {
  it('are signed over the raw body, retried, and stop at a 404', async () => {
    vi.useFakeTimers();
    const got: { body: string; signature: string | null }[] = [];
    const statuses = [503, 200, 404];
    const send = ((_url: string, init: RequestInit) => {
      got.push({ body: String(init.body), signature: new Headers(init.headers).get('x-akeneo-signature-primary') });
      return Promise.resolve(new Response(null, { status: statuses[got.length - 1] ?? 200 }));
    }) as unknown as typeof fetch;
    const pushing = pushPimEvents(engine, { url: 'http://receiver.example', secret: 's3', send, retryMs: [10] });
    const { uuid } = Object.values(engine.pim.state.products)[0]!;
    engine.execute('patch-product', { uuid, enabled: true });
    await vi.advanceTimersByTimeAsync(20);
    expect(got).toHaveLength(2);
    expect(got[0]).toEqual(got[1]);
    expect(JSON.parse(got[0]!.body)).toMatchObject({ specversion: '1.0', type: 'com.akeneo.pim.v1.product.updated', data: { product: { uuid } } });
    expect(got[0]!.signature).toBe(createHmac('sha256', 's3').update(got[0]!.body).digest('hex'));
    engine.execute('patch-product', { uuid, enabled: true });
    await vi.advanceTimersByTimeAsync(20);
    expect(pushing.suspended).toBe(true);
    engine.execute('patch-product', { uuid, enabled: true });
    await vi.advanceTimersByTimeAsync(20);
    expect(got).toHaveLength(3);
    pushing.stop();
    vi.useRealTimers();
  });
});
