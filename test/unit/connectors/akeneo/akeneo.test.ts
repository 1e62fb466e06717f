import { createHmac } from 'node:crypto';
import { afterEach, describe, expect, it } from 'vitest';
import { changePort } from '../../../../connectors/akeneo/changes.ts';
import { AkeneoClient } from '../../../../connectors/akeneo/client.ts';
import { createConnector } from '../../../../connectors/akeneo/connector.ts';
import { scrub } from '../../../../connectors/akeneo/scrub.ts';
import { akeneoSettings } from '../../../../connectors/akeneo/settings.ts';
import { attributesOf, localized, mediaOf } from '../../../../connectors/akeneo/values.ts';
import { instant } from '../../../../domain/time.ts';
import { systemClock } from '../../../../platform/clock.ts';
import { silentLog } from '../../../../platform/log.ts';
import { call, startFakeVendor, type FakeAnswer, type SeenRequest } from '../fake-vendor.ts';

const stops: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const stop of stops.splice(0)) await stop();
});
const settingsFor = (url: string) => akeneoSettings.parse({ url, clientId: 'c', secret: 'sssss', username: 'u', password: 'ppppp', locales: ['de_DE', 'en_US'] });
let grants = 0;
const granted = (rest: (request: SeenRequest, count: number) => FakeAnswer) => (request: SeenRequest, count: number): FakeAnswer =>
  request.path.startsWith('/api/oauth') ? { body: { access_token: `t${(grants += 1)}`, refresh_token: 'r', expires_in: 3600 } } : rest(request, count);

async function open(answer: (request: SeenRequest, count: number) => FakeAnswer) {
  const vendor = await startFakeVendor(granted(answer));
  const options = { name: 'pim', settings: settingsFor(vendor.url), log: silentLog, clock: systemClock };
  const client = new AkeneoClient(options);
  const connector = createConnector(options);
  stops.push(() => client.close(), () => connector.close(), () => vendor.close());
  return { vendor, client, content: connector.content! };
}

describe('the wire', () => {
  it('asks for a token by password, once for all who wait', async () => {
    const { vendor, client } = await open(() => ({ body: {} }));
    await Promise.all([client.read('/api/rest/v1/channels/a', call()), client.read('/api/rest/v1/channels/b', call())]);
    const asked = vendor.seen.filter(({ path }) => path === '/api/oauth/v1/token');
    expect(asked).toMatchObject([{ headers: { authorization: `Basic ${Buffer.from('c:sssss').toString('base64')}` }, body: { grant_type: 'password', username: 'u', password: 'ppppp' } }]);
  });

  it('a refused token is replaced once', async () => {
    let refused = 0;
    const { client } = await open(() => ((refused += 1) === 1 ? { status: 401, body: { message: 'expired' } } : { body: { ok: true } }));
    expect((await client.read('/api/rest/v1/channels/a', call())).value).toEqual({ ok: true });
  });

  it.each([[422, 'UPSTREAM_REJECTED'], [403, 'UPSTREAM_REJECTED'], [401, 'MISCONFIGURED'], [502, 'UPSTREAM_UNAVAILABLE']])('%i is %s', async (status, code) => {
    const { client } = await open(() => ({ status, body: { message: 'no' } }));
    await expect(client.read('/api/rest/v1/x', call())).rejects.toMatchObject({ code });
  });

  it('waits as long as Retry-After says', async () => {
    let asked = 0;
    const { client } = await open(() => ((asked += 1) === 1 ? { status: 429, headers: { 'retry-after': '0' }, body: {} } : { body: { ok: true } }));
    expect((await client.read('/api/rest/v1/x', call())).value).toEqual({ ok: true });
  });

  it('asks for root models, then lone products, since a moment; follows the link it is given and nowhere else', async () => {
    const { vendor, content } = await open(({ path }) => {
      if (path.includes('/attributes')) return { body: { _links: {}, _embedded: { items: [{ code: 'sku', type: 'pim_catalog_identifier', labels: {} }] } } };
      if (path.includes('families')) return { body: { code: 'v', variant_attribute_sets: [] } };
      if (path.includes('page-two')) return { body: { _links: {}, _embedded: { items: [] } } };
      const model = { code: 'M', family: 'f', family_variant: 'v', parent: null, categories: [], values: {}, updated: '2026-01-01T00:00:00+00:00' };
      return { body: { _links: { next: { href: 'https://elsewhere.example/api/rest/v1/product-models?page-two' } }, _embedded: { items: [model] } } };
    });
    const since = instant('2026-01-02T03:04:05Z');
    const first = await content.listProducts({ cursor: null, since, limit: 1000 }, call());
    const second = await content.listProducts({ cursor: first.next, since, limit: 1000 }, call());
    await content.listProducts({ cursor: second.next, since, limit: 1000 }, call()).catch(() => undefined);
    const lists = vendor.seen.map(({ path }) => path).filter((path) => /product(s-uuid|-models)/.test(path)).map((path) => new URL(path, 'http://x'));
    expect(lists.map(({ pathname }) => pathname)).toEqual(['/api/rest/v1/product-models', '/api/rest/v1/product-models', '/api/rest/v1/products-uuid']);
    expect(lists[1]?.search).toBe('?page-two');
    expect(lists[0]?.searchParams.get('limit')).toBe('100');
    expect(JSON.parse(lists[0]?.searchParams.get('search') ?? '')).toEqual({ parent: [{ operator: 'EMPTY' }], updated: [{ operator: '>', value: '2026-01-02 03:04:04' }] });
  });
});

describe('values', () => {
  const options = new Map([['color', new Map([['red', { en_US: 'Red', de_DE: 'Rot' }], ['blue', { en_US: 'Blue' }]])]]);
  const types = { name: 'text', color: 'multiselect', weight: 'metric', wet: 'boolean', front: 'image', picture_b: 'image', picture_a: 'image', made: 'date', note: 'text' };
  const attributes = new Map(Object.entries(types).map(([code, type]) => [code, { code, type: `pim_catalog_${type}`, labels: {} }]));
  const reading = { settings: settingsFor('http://x'), locales: ['de_DE', 'en_US'], attributes, options };
  const value = (data: unknown, locale: string | null = null, scope: string | null = null) => ({ data, locale, scope });

  it('fall back to another locale, then to the code, never to nothing', () => {
    expect(localized({ name: [value('Mug', 'en_US'), value('', 'de_DE')] }, 'name', reading, 'M')).toEqual({ de_DE: 'Mug', en_US: 'Mug' });
    expect(localized({}, 'name', reading, 'M')).toEqual({ de_DE: 'M', en_US: 'M' });
  });
  it('of other channels are not seen', () => {
    expect(attributesOf({ note: [value('hidden', null, 'print'), value('seen', null, 'ecommerce')] }, reading)).toMatchObject([{ text: { '*': 'seen' } }]);
  });
  it('carry labels, units and plain numbers', () => {
    const found = attributesOf({ color: [value(['red', 'blue'])], weight: [value({ amount: '12.5000', unit: 'KILOGRAM' })], wet: [value(true)], made: [value('2026-01-31T00:00:00+00:00')] }, reading);
    expect(Object.fromEntries(found.map((one) => [one.code, one]))).toMatchObject({
      color: { text: { de_DE: 'Rot, Blue', en_US: 'Red, Blue' }, values: ['red', 'blue'], unit: null },
      weight: { text: { '*': '12.5 KILOGRAM' }, values: ['12.5'], unit: 'KILOGRAM' },
      wet: { values: ['true'] },
      made: { values: ['2026-01-31'] },
    });
  });
  it('that are pictures become media, in order, behind our own path', () => {
    const media = mediaOf({ picture_b: [value('1/b c.png')], picture_a: [value('1/a.svg')], front: [value('x.png')] }, reading, {});
    expect(media.map(({ url, mimeType, position }) => [url, mimeType, position])).toEqual([['/media/1/a.svg', 'image/svg+xml', 0], ['/media/1/b%20c.png', 'image/png', 1]]);
  });
});

describe('events', () => {
  const body = JSON.stringify({ specversion: '1.0', type: 'com.akeneo.pim.v1.product.updated', data: { product: { uuid: 'u' } } });
  const sign = (secret: string): string => createHmac('sha256', secret).update(body).digest('hex');
  const decode = (headers: Record<string, string>, eventSecrets: string[]) => changePort({ eventSecrets }).decodeWebhook(headers, new TextEncoder().encode(body));
  it('are read when either signature fits either secret', () => {
    expect(decode({ 'x-akeneo-signature-primary': sign('old-secret'), 'x-akeneo-signature-secondary': sign('new-secret') }, ['new-secret'])).toEqual([{ flow: 'variants', keys: [] }, { flow: 'products', keys: [] }]);
  });
  it.each([[{}, ['a-secret']], [{ 'x-akeneo-signature-primary': sign('wrong') }, ['a-secret']], [{ 'x-akeneo-signature-primary': sign('a-secret') }, []]])('are refused otherwise', (headers, secrets) => {
    expect(() => decode(headers as Record<string, string>, secrets)).toThrow(expect.objectContaining({ code: 'UNAUTHENTICATED' }));
  });
});

it('scrub leaves no token and no password', () => {
  const transcript = 'authorization: Basic YzpzZWNyZXQ= {"password":"pa\\"ss","access_token":"at-1","refresh_token":"rt-1"} Bearer at-1 grant_type=password&password=hunter22';
  const scrubbed = scrub(transcript, ['YzpzZWNyZXQ=']);
  for (const secret of ['YzpzZWNyZXQ', 'ss"', 'at-1', 'rt-1', 'hunter22']) expect(scrubbed).not.toContain(secret);
});
