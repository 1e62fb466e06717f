import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Ajv, type ValidateFunction } from 'ajv';
import Fastify, { type FastifyInstance } from 'fastify';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { manualClock } from '../../platform/clock.ts';
import { createEngine, type Engine } from '../../sandbox/engine/engine.ts';
import { registerAkeneoFace } from '../../sandbox/faces/akeneo/register.ts';
import { sampleSeed } from '../../sandbox/seeds/sample.ts';

/** Real answers of the sandbox's Akeneo face against the vendor's own contract. */

const file = join(process.env['SHARED_DIR'] ?? '../shared', 'specs/akeneo/akeneo-web-api.json');
const missing = !existsSync(file);
if (missing && process.env['CI'] !== 'true') console.warn(`skipped: no ${file}; set SHARED_DIR to the folder of vendor contracts`);

interface Json { [key: string]: Json | string | number | boolean | null | (Json | string | null)[] | undefined }
interface Spec { readonly paths: Record<string, Record<string, { readonly responses: Record<string, { readonly schema?: Json }> }>> }

/** Null in the vendor's own examples (or by its prose) though its schemas say otherwise. */
const nullable = new Set(
  ('scope locale family parent attribute_as_image metric_family default_metric_unit reference_data_name max_characters validation_rule validation_regexp wysiwyg_enabled '
    + 'number_min number_max decimals_allowed negative_allowed date_min date_max max_file_size default_value decimal_places_strategy decimal_places').split(' '),
);

/** The vendor's example products break the vendor's own schema; besides the nulls, `data` is any JSON though declared an object. */
function relax(schema: Json, name = ''): Json {
  if (name === 'data') return {};
  const relaxed: Json = {};
  for (const [key, value] of Object.entries(schema)) {
    if (key.startsWith('x-') || ['example', 'format', 'default'].includes(key)) continue;
    if (key === 'properties') relaxed[key] = Object.fromEntries(Object.entries(value as Json).map(([field, inner]) => [field, relax(inner as Json, field)]));
    else if (key === 'allOf') relaxed[key] = (value as Json[]).map((inner) => relax(inner));
    else if (key === 'items' || (key === 'additionalProperties' && typeof value === 'object')) relaxed[key] = relax(value as Json);
    else if (key === 'type' && nullable.has(name)) relaxed[key] = [value as string, 'null'];
    else relaxed[key] = value;
  }
  return relaxed;
}

describe.skipIf(missing && process.env['CI'] !== 'true')('the Akeneo face keeps the vendor’s contract', () => {
  const ajv = new Ajv({ strict: false, allErrors: true });
  let spec: Spec;
  let engine: Engine;
  let app: FastifyInstance;
  let token: string;

  beforeAll(async () => {
    spec = JSON.parse(readFileSync(file, 'utf8')) as Spec;
    engine = createEngine({ clock: manualClock(Date.UTC(2026, 0, 15)), dataDir: null });
    engine.execute('load-pim', sampleSeed().pim);
    app = Fastify();
    await app.register((scope, _options, done) => {
      registerAkeneoFace(scope, engine);
      done();
    }, { prefix: '/akeneo' });
    const answer = await app.inject({
      method: 'POST', url: '/akeneo/api/oauth/v1/token', headers: { authorization: `Basic ${Buffer.from('sandbox:sandbox-secret').toString('base64')}` },
      payload: { grant_type: 'password', username: 'bot', password: 'bot-password' },
    });
    expect(answer.statusCode).toBe(200);
    expectValid('/api/oauth/v1/token', 'post', '200', answer.json());
    token = answer.json<{ access_token: string }>().access_token;
  });
  afterAll(async () => {
    await app.close();
    engine.close();
  });

  function expectValid(path: string, method: string, status: string, body: unknown): void {
    const schema = spec.paths[path]?.[method]?.responses[status]?.schema;
    if (schema === undefined) throw new Error(`the contract has no schema for ${method} ${path} ${status}`);
    const validate: ValidateFunction = ajv.compile(relax(schema));
    expect(validate(body) ? [] : validate.errors).toEqual([]);
  }

  const get = (url: string) => app.inject({ method: 'GET', url: `/akeneo${url}`, headers: { authorization: `Bearer ${token}` } });

  const lists = [
    ['/api/rest/v1/products-uuid', 'pagination_type=search_after&limit=100&with_completenesses=true&with_attribute_options=true'],
    ['/api/rest/v1/products-uuid', 'limit=100&with_count=true&scope=ecommerce&locales=de_DE'],
    ['/api/rest/v1/product-models', 'pagination_type=search_after&limit=100'],
    ['/api/rest/v1/families', 'limit=100'], ['/api/rest/v1/attributes', 'limit=100'], ['/api/rest/v1/categories', 'limit=100'],
    ['/api/rest/v1/channels', ''], ['/api/rest/v1/locales', ''], ['/api/rest/v1/currencies', ''], ['/api/rest/v1/media-files', 'limit=20'],
    ['/api/rest/v1/association-types', ''],
  ] as const;
  it.each(lists)('list %s?%s', async (path, query) => {
    const answer = await get(`${path}?${query}`);
    expect(answer.statusCode).toBe(200);
    expect(answer.json<{ _embedded: { items: unknown[] } }>()._embedded.items.length).toBeGreaterThan(0);
    expectValid(path, 'get', '200', answer.json());
  });

  it('nested lists', async () => {
    const options = await get('/api/rest/v1/attributes/color/options');
    expectValid('/api/rest/v1/attributes/{attribute_code}/options', 'get', '200', options.json());
    const variants = await get('/api/rest/v1/families/apparel/variants?limit=1');
    const item = variants.json<{ _embedded: { items: unknown[] } }>()._embedded.items[0];
    expectValid('/api/rest/v1/families/{family_code}/variants/{code}', 'get', '200', item);
  });

  it('records', async () => {
    const product = Object.values(engine.pim.state.products).find((row) => row.parent !== null)!;
    expectValid('/api/rest/v1/products-uuid/{uuid}', 'get', '200', (await get(`/api/rest/v1/products-uuid/${product.uuid}`)).json());
    expectValid('/api/rest/v1/product-models/{code}', 'get', '200', (await get(`/api/rest/v1/product-models/${product.parent!}`)).json());
    expectValid('/api/rest/v1/families/{code}', 'get', '200', (await get('/api/rest/v1/families/gear')).json());
    const media = Object.values(engine.pim.state.media)[0]!;
    expectValid('/api/rest/v1/media-files/{code}', 'get', '200', (await get(`/api/rest/v1/media-files/${media.code}`)).json());
  });

  it('errors', async () => {
    const product = '/api/rest/v1/products-uuid/{uuid}';
    const unknown = await get('/api/rest/v1/products-uuid/25566245-55c3-42ce-86d9-8610ac459fa8');
    expect(unknown.statusCode).toBe(404);
    expectValid(product, 'get', '404', unknown.json());
    const stranger = await app.inject({ method: 'GET', url: '/akeneo/api/rest/v1/products-uuid' });
    expect(stranger.statusCode).toBe(401);
    expectValid('/api/rest/v1/products-uuid', 'get', '401', stranger.json());
    const deep = await get('/api/rest/v1/products-uuid?page=101&limit=100');
    expect(deep.statusCode).toBe(422);
    expectValid('/api/rest/v1/products-uuid', 'get', '422', deep.json());
  });

  it('writes a collection line by line', async () => {
    const uuid = Object.keys(engine.pim.state.products)[0]!;
    const lines = [{ uuid, enabled: true }, { uuid, group: 'x' }, { uuid, values: { brand: [{ locale: null, scope: null, data: 'nobody' }] } }];
    const answer = await app.inject({
      method: 'PATCH', url: '/akeneo/api/rest/v1/products-uuid', payload: `${lines.map((line) => JSON.stringify(line)).join('\n')}\n{broken`,
      headers: { authorization: `Bearer ${token}`, 'content-type': 'application/vnd.akeneo.collection+json' },
    });
    const answered = answer.body.split('\n').map((line) => JSON.parse(line) as { status_code: number });
    expect(answered.map((line) => line.status_code)).toEqual([204, 422, 422, 400]);
    for (const line of answered) expectValid('/api/rest/v1/products-uuid', 'patch', '200', line);
  });
});
