import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ANONYMOUS } from '../../../../domain/principal.ts';
import { createTestDatabase, type TestDatabase } from '../../../support/database.ts';
import { generateSources } from './catalog-generator.ts';
import { item, openShop, option, productContent, variantContent, type Shop } from './catalog-shop.ts';

let store: TestDatabase;
let shop: Shop;

beforeAll(async () => {
  store = await createTestDatabase();
  const sources = generateSources(120);
  sources.items.push(item('BK-M82S-38', { gtin: '4006381333931' }), item('TH-1'), item('VELO'));
  sources.products.push(
    productContent('special', { name: { en_US: 'Trail Bicycles', de_DE: 'Geländeräder' }, description: { en_US: '<p>Goes <b>anywhere</b></p>' }, brand: 'Éclair' }),
    productContent('thai', { name: { en_US: 'Rain jacket', th_TH: 'เสื้อกันฝนสีแดง' }, categoryCodes: ['foulweather'], attributes: [option('fabric', 'oilskin', { en_US: 'Oilskin', de_DE: 'Ölzeug' })] }),
    productContent('velo', { name: { en_US: 'SKU BK-M82S-38 lookalike', fr_FR: 'Vélo de montagne' } }),
  );
  sources.variants.push(variantContent('BK-M82S-38', 'special', { attributes: [option('colour', 'red')] }), variantContent('TH-1', 'thai'), variantContent('VELO', 'velo'));
  sources.categories.push({ code: 'foulweather', parentCode: null, name: { en_US: 'Foul-weather gear' }, position: 9 });
  shop = await openShop(store.database, sources);
  await shop.sync();
}, 120_000);
afterAll(() => store?.drop());

const codesOf = async (args: string, locale = 'en_US'): Promise<string[]> => {
  const { data, codes } = await shop.ask(`{ products(first: 250, ${args}) { nodes { code } } }`, undefined, locale);
  expect(codes).toEqual([]);
  return data.products.nodes.map(({ code }: { code: string }) => code);
};

describe('search', () => {
  it.each([
    ['bicycle', 'en_US', ['special']], // stemmed
    ['trail bicy', 'en-us', ['special']], // prefix of the last word, locale as browsers write it
    ['trai bicycles', 'en_US', []], // only the last word may be a beginning
    ['anywhere', 'en_US', ['special']], // description, without its markup
    ['foul weather', 'en_US', ['thai']], // the name of its category
    ['olzeug', 'de_DE', ['thai']], // what it is made of
    ['eclair', 'en_US', ['special']], // brand, accents folded
    ['gelanderader', 'de_DE', ['special']],
    ['BK-M82S-38', 'en_US', ['special', 'velo']], // exact SKU before a name that has the same words
    ['bk-m82s-38', 'en_US', ['special', 'velo']],
    ['bkm82', 'en_US', ['special']], // the SKU without punctuation
    ['4006381333931', 'en_US', ['special']],
    ['velo de mont', 'fr_FR', ['velo']],
    ['กันฝน', 'th_TH', ['thai']], // no spaces in Thai
    ['jacket', 'th_TH', []],
    ['jacket', 'pl_PL', ['thai']], // unknown locale: the source's default
    ["' | & ! :* <-> \\", 'en_US', []],
  ])('%s in %s finds %j', async (text, locale, expected) => {
    const { data } = await shop.ask('query($text: String!) { products(search: $text) { nodes { code } totalCount } }', { text }, locale);
    expect(data.products.nodes.map(({ code }: { code: string }) => code)).toEqual(expected);
    expect(data.products.totalCount).toBe(expected.length);
  });
});

describe('paging', () => {
  it.each(['NAME_ASC', 'NAME_DESC', 'NEWEST', 'RELEVANCE'])('walks all of %s in the order of one big page, each product once', async (sort) => {
    for (const search of ['', ', search: "mountain"']) {
      const whole = await codesOf(`sort: ${sort}${search}`);
      const walked: string[] = [];
      for (let after: string | null = null, more = true; more; ) {
        const { data }: { data: any } = await shop.ask(`query($after: String) { products(first: 7, sort: ${sort}, after: $after${search}) { edges { cursor node { code } } pageInfo { hasNextPage endCursor } } }`, { after }, 'en_US');
        const { edges, pageInfo } = data.products;
        walked.push(...edges.map(({ node }: any) => node.code));
        expect(pageInfo.endCursor).toBe(edges.at(-1)?.cursor ?? null);
        after = pageInfo.endCursor;
        more = pageInfo.hasNextPage;
      }
      expect(walked).toEqual(whole);
      expect(new Set(walked).size).toBe(walked.length);
    }
  });

  it('sorts by the name of the locale', async () => {
    expect((await codesOf('sort: NAME_ASC', 'de_DE')).indexOf('special')).toBeLessThan((await codesOf('sort: NAME_ASC', 'en_US')).indexOf('special'));
  });

  it('goes on from a category\'s first page', async () => {
    const whole = await codesOf('sort: NAME_ASC, filter: { categoryCodes: ["c1"] }');
    const page = async (after: string | null): Promise<any> =>
      (await shop.ask('query($after: String) { category(by: { code: "c1" }) { products(first: 5, after: $after) { nodes { code } pageInfo { hasNextPage endCursor } totalCount } } }', { after }, 'en_US')).data.category.products;
    const first = await page(null);
    const second = await page(first.pageInfo.endCursor);
    expect([...first.nodes, ...second.nodes].map(({ code }: any) => code)).toEqual(whole.slice(0, 10));
    expect([first.totalCount, whole.length]).toEqual([12, 12]);
  });

  it('refuses cursors of another sort, forged ones and absurd sizes by name of the field', async () => {
    const cursor = (await shop.ask('{ products(sort: NEWEST) { pageInfo { endCursor } } }')).data.products.pageInfo.endCursor;
    const refusal = async (args: string): Promise<unknown> => (await shop.ask(`{ products(${args}) { nodes { code } } }`)).codes[0];
    expect(await refusal(`after: "${cursor}"`)).toEqual(['INVALID_INPUT', ['after']]);
    expect(await refusal('after: "nonsense"')).toEqual(['INVALID_INPUT', ['after']]);
    expect(await refusal('first: 251')).toEqual(['INVALID_INPUT', ['first']]);
    expect(await refusal(`search: "${'x'.repeat(201)}"`)).toEqual(['INVALID_INPUT', ['search']]);
    expect(await refusal(`filter: { attributes: [{ code: "a", values: [${'"v" '.repeat(101)}] }] }`)).toEqual(['INVALID_INPUT', ['filter', 'attributes', '0', 'values']]);
  });
});

describe('facets', () => {
  const facetsOf = async (args: string): Promise<Record<string, Record<string, number>>> => {
    const { data, codes } = await shop.ask(`{ products${args} { facets { kind code label values { value label count } } } }`, undefined, 'en_US');
    expect(codes).toEqual([]);
    return Object.fromEntries(data.products.facets.map((facet: any) => [facet.code, Object.fromEntries(facet.values.map((value: any) => [value.value, value.count]))]));
  };

  it('counts what a filter by that value would list, attributes of variants included, unfilterable ones not', async () => {
    const facets = await facetsOf('');
    expect(Object.keys(facets).sort()).toEqual(['brand', 'category', 'colour', 'gender', 'material', 'season', 'size']);
    expect(facets['category']!['root']).toBe(120);
    for (const [value, count] of Object.entries(facets['colour']!)) {
      expect((await codesOf(`filter: { attributes: [{ code: "colour", values: ["${value}"] }] }`)).length).toBe(count);
    }
  });

  it('does not narrow a facet by its own filter, but by every other', async () => {
    const open = await facetsOf('');
    const narrowed = await facetsOf('(filter: { brand: ["Brand 16"], attributes: [{ code: "colour", values: ["red"] }] })');
    const brandOnly = await facetsOf('(filter: { brand: ["Brand 16"] })');
    const colourOnly = await facetsOf('(filter: { attributes: [{ code: "colour", values: ["red"] }] })');
    expect(narrowed['colour']).toEqual(brandOnly['colour']);
    expect(narrowed['brand']).toEqual(colourOnly['brand']);
    expect(brandOnly['brand']).toEqual(open['brand']);
    const both = await codesOf('filter: { brand: ["Brand 16"], attributes: [{ code: "colour", values: ["red"] }] }');
    expect(both.length).toBeGreaterThan(0);
    expect(narrowed['size']).toEqual({ S: both.length, M: both.length });
  });

  it('labels values in the locale', async () => {
    const { data } = await shop.ask('{ products { facets { code label values { value label } } } }', undefined, 'de_DE');
    const colour = data.products.facets.find(({ code }: any) => code === 'colour');
    expect([colour.label, colour.values.find(({ value }: any) => value === 'blue').label]).toEqual(['COLOUR', 'blue (de)']);
  });
});

describe('what is read', () => {
  const statementsOf = async (query: string): Promise<string[]> => {
    shop.statements();
    expect((await shop.ask(query, undefined, 'en_US')).codes).toEqual([]);
    return shop.statements().filter((text) => !/from catalog\.(attribute|category|locale) /.test(text));
  };

  it('reads a product page in two statements', async () => {
    const page = '{ product(by: { code: "p000007" }) { id handle name description brand categories { name parent { name } } attributes { label value } media { url alt } options { name values } variants { sku name options { name value } attributes { code } media { url } product { code } } } }';
    expect(await statementsOf(page)).toHaveLength(2);
  });

  it('reads a listing in three, whatever its size, and counts nothing that is not asked for', async () => {
    expect(await statementsOf('{ products(first: 50) { nodes { name variants { sku name } } pageInfo { endCursor } edges { cursor } } }')).toHaveLength(3);
    expect(await statementsOf('{ products { totalCount } }')).toHaveLength(1);
  });

  it('reads the first pages of all categories of a menu in two', async () => {
    expect(await statementsOf('{ categories { children { name children { name products(first: 3) { nodes { name } } } } } }')).toHaveLength(2);
  });
});

describe('references and access', () => {
  it('finds by every key and answers null for the unknown', async () => {
    const { data } = await shop.ask('{ a: product(by: { sku: "SKU-7-S" }) { id code } b: product(by: { handle: "trail-bicycles" }) { code } c: productVariant(by: { gtin: "4006381333931" }) { id sku product { code } } d: product(by: { code: "none" }) { code } e: productVariant(by: { id: "rubbish" }) { sku } }');
    expect(data).toMatchObject({ a: { code: 'p000007' }, b: { code: 'special' }, c: { sku: 'BK-M82S-38', product: { code: 'special' } }, d: null, e: null });
    const again = await shop.ask('query($p: ID!, $v: ID!) { product(by: { id: $p }) { code } productVariant(by: { id: $v }) { sku } }', { p: data.a.id, v: data.c.id });
    expect(again.data).toEqual({ product: { code: 'p000007' }, productVariant: { sku: 'BK-M82S-38' } });
  });

  it('resolves entities by each key in one statement, null for a SKU that has left', async () => {
    const representations = ['SKU-1-S', 'SKU-2-M', 'GONE'].map((sku) => ({ __typename: 'ProductVariant', sku }));
    shop.statements();
    const { data } = await shop.ask('query($representations: [_Any!]!) { _entities(representations: $representations) { ... on ProductVariant { sku name product { variantSkus } } } }', { representations });
    expect(data._entities).toEqual([
      { sku: 'SKU-1-S', name: 'ERP SKU-1-S', product: { variantSkus: ['SKU-1-M', 'SKU-1-S'] } },
      { sku: 'SKU-2-M', name: 'ERP SKU-2-M', product: { variantSkus: ['SKU-2-M', 'SKU-2-S'] } },
      null,
    ]);
    expect(shop.statements()).toHaveLength(2);
  });

  it('wants exactly one key and the scope', async () => {
    expect((await shop.ask('{ product(by: { code: "a", sku: "b" }) { code } }')).codes[0]).toEqual(['INVALID_INPUT', ['by']]);
    expect((await shop.ask('{ product(by: {}) { code } }')).codes[0]).toEqual(['INVALID_INPUT', ['by']]);
    expect((await shop.ask('{ products { totalCount } }', undefined, null, ANONYMOUS)).codes[0]).toEqual(['UNAUTHENTICATED', undefined]);
  });
});
