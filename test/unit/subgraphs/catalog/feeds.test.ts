import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createTestDatabase, type TestDatabase } from '../../../support/database.ts';
import { emptySources, item, openShop, option, productContent, variantContent, type Shop } from './catalog-shop.ts';

let store: TestDatabase;
let shop: Shop;

beforeAll(async () => {
  store = await createTestDatabase();
}, 60_000);
afterAll(() => store?.drop());
beforeEach(async () => {
  await store.database.run('drop schema if exists catalog cascade');
  shop = await openShop(store.database, emptySources(), 2);
});

const PRODUCTS = '{ products(sort: NAME_ASC) { nodes { code handle name variants { sku name sellable options { name value } } } } }';
const list = async (): Promise<any[]> => (await shop.ask(PRODUCTS)).data.products.nodes;
const replace = <T>(list: T[], index: number, change: Partial<T>): void => void (list[index] = { ...list[index]!, ...change });

describe('joining items with content', () => {
  beforeEach(() => {
    shop.sources.items.push(item('BIKE-S', { groupCode: '7', options: [{ name: 'Size', value: 'S' }] }), item('BIKE-M', { groupCode: '7', sellable: false }), item('PUMP', { name: 'Hand pump' }));
    shop.sources.products.push(productContent('bike', { name: { en_US: 'Road bike', de_DE: 'Rennrad' }, variantAxes: ['size'] }));
    shop.sources.variants.push(variantContent('BIKE-S', 'bike', { attributes: [option('size', 's', { '*': 'Small' })] }), variantContent('BIKE-M', 'bike'));
    shop.sources.attributes.push({ code: 'size', label: { en_US: 'Frame size' }, kind: 'OPTION', filterable: true });
  });

  it('groups by the PIM, falls back to the ERP per field, and shows bare items under their ERP name', async () => {
    await shop.sync();
    expect(await list()).toEqual([
      { code: 'erp:PUMP', handle: 'hand-pump', name: 'Hand pump', variants: [{ sku: 'PUMP', name: 'Hand pump', sellable: true, options: [] }] },
      {
        code: 'bike', handle: 'road-bike', name: 'Road bike',
        variants: [
          { sku: 'BIKE-M', name: 'ERP BIKE-M', sellable: false, options: [] },
          { sku: 'BIKE-S', name: 'ERP BIKE-S', sellable: true, options: [{ name: 'Frame size', value: 'Small' }] },
        ],
      },
    ]);
    expect(await shop.rejections()).toEqual({});
  });

  it.each([['items', 'products', 'variants'], ['variants', 'items', 'products'], ['products', 'variants', 'items'], ['variants', 'products', 'items']])(
    'comes out the same whichever feed is first: %s, %s, %s',
    async (...order) => {
      await shop.sync('attributes', ...order);
      const first = await list();
      expect(first.map(({ code, handle }) => [code, handle])).toEqual([['erp:PUMP', 'hand-pump'], ['bike', 'road-bike']]);
      expect(first[1].variants).toHaveLength(2);
    },
  );

  it('shows no bare item before the PIM has been read once', async () => {
    await shop.sync('items');
    expect(await list()).toEqual([]);
    await shop.sync('products', 'variants');
    expect(await list()).toHaveLength(2);
  });

  it('announces a product once per real change, and nothing for an unchanged pass or a touched timestamp', async () => {
    await shop.sync();
    await shop.announced();
    await shop.sync();
    replace(shop.sources.items, 0, { updatedAt: null });
    const { items } = await shop.sync();
    expect(items!.rowsChanged).toBe(0);
    expect(await shop.announced()).toEqual([]);
    replace(shop.sources.items, 0, { gtin: '4006381333931' });
    await shop.sync();
    expect(await shop.announced()).toEqual(['bike']);
  });
});

describe('content without an item', () => {
  it('waits in the rejections, loses nothing, and is shown when the item arrives', async () => {
    shop.sources.products.push(productContent('tent', { name: { en_US: 'Tent' } }));
    shop.sources.variants.push(variantContent('TENT', 'tent'));
    await shop.sync();
    await shop.sync();
    expect(await list()).toEqual([]);
    expect(await shop.rejections()).toEqual({
      'products tent': 'waiting: none of its variants is sold by the ERP',
      'variants TENT': 'waiting: the ERP has no item with this SKU',
    });
    shop.sources.items.push(item('TENT'));
    await shop.sync('items');
    expect((await list()).map(({ name }) => name)).toEqual(['Tent']);
    expect(await shop.rejections()).toEqual({});
  });

  it('tells inactive and disabled apart', async () => {
    shop.sources.items.push(item('OLD', { active: false }), item('NEW'));
    shop.sources.products.push(productContent('old'), productContent('new', { enabled: false }));
    shop.sources.variants.push(variantContent('OLD', 'old'), variantContent('NEW', 'new'));
    await shop.sync();
    expect(await list()).toEqual([]);
    expect(await shop.rejections()).toMatchObject({
      'items OLD': 'waiting: inactive in the ERP',
      'variants OLD': 'waiting: the item is inactive in the ERP',
      'variants NEW': 'waiting: disabled in the PIM',
      'products new': 'waiting: disabled in the PIM',
    });
    replace(shop.sources.products, 1, { enabled: true });
    await shop.sync('products');
    expect((await list()).map(({ code }) => code)).toEqual(['new']);
  });
});

describe('removals', () => {
  beforeEach(async () => {
    shop.sources.items.push(item('A'), item('B'), item('C'));
    shop.sources.products.push(productContent('p', { name: { en_US: 'Pair' } }));
    shop.sources.variants.push(variantContent('A', 'p'), variantContent('B', 'p'));
    await shop.sync();
    await shop.announced();
  });

  it('takes down what the ERP no longer has, keeps its content waiting, and gives the same handle when it returns', async () => {
    const [, , b] = [null, null, shop.sources.items[1]!];
    shop.sources.items.splice(1, 1);
    const { items } = await shop.sync('items');
    expect(items!.rowsRemoved).toBe(1);
    expect((await list()).find(({ code }) => code === 'p').variants.map(({ sku }: any) => sku)).toEqual(['A']);
    shop.sources.items.splice(0, 1);
    await shop.sync('items');
    expect((await list()).map(({ code }) => code)).toEqual(['erp:C']);
    expect(await shop.announced()).toEqual(['p', 'p']);
    shop.sources.products[0] = productContent('p', { name: { en_US: 'Renamed' } });
    shop.sources.items.push(b);
    await shop.sync();
    expect((await list()).map(({ handle, name }) => [handle, name])).toEqual([['erp-c', 'ERP C'], ['pair', 'Renamed']]);
  });

  it('falls back to the ERP when the PIM drops a product', async () => {
    shop.sources.products.pop();
    shop.sources.variants.splice(0);
    await shop.sync();
    expect((await list()).map(({ code }) => code)).toEqual(['erp:A', 'erp:B', 'erp:C']);
  });

  it('moves a SKU from one product to another without losing it', async () => {
    shop.sources.products.push(productContent('q', { name: { en_US: 'Queue' } }));
    shop.sources.variants[1] = variantContent('B', 'q');
    await shop.sync();
    expect((await list()).map(({ code, variants }) => [code, variants.map(({ sku }: any) => sku)])).toEqual([['erp:C', ['C']], ['p', ['A']], ['q', ['B']]]);
  });

  it('hands the handle of a bare item to the product its content makes of it', async () => {
    shop.sources.products.push(productContent('c', { name: { en_US: 'Compass' } }));
    shop.sources.variants.push(variantContent('C', 'c'));
    await shop.sync();
    expect((await list()).map(({ code, handle, name }) => [code, handle, name])).toEqual([['c', 'erp-c', 'Compass'], ['p', 'pair', 'Pair']]);
  });
});

describe('robustness', () => {
  it('keeps the last readable state of a row that has become unreadable', async () => {
    shop.sources.items.push(item('A'), item('B'));
    await shop.sync();
    shop.sources.items.splice(0);
    await store.database.run(`insert into catalog.feed_reject (feed, key, reason, last_seen_at) values ('items', 'item:B', 'weight: not a decimal', 'infinity')`);
    await shop.sync('items');
    expect((await list()).map(({ code }) => code)).toEqual(['erp:B']);
  });

  it('gives clashing names distinct handles', async () => {
    shop.sources.items.push(item('X1', { name: 'Lamp' }), item('X2', { name: 'Lamp' }), item('X3', { name: '灯' }), item('X4', { name: '!!' }));
    await shop.sync();
    expect((await list()).map(({ handle }) => handle).sort()).toEqual(['erp-x4', 'lamp', 'lamp-erp-x2', '灯']);
  });

  it('stores what PostgreSQL cannot hold without it', async () => {
    shop.sources.items.push(item('N', { name: 'nul\0 half\ud800 quote" back\\u0000slash' }));
    await shop.sync();
    expect((await list())[0].name).toBe('nul half\ufffd quote" back\\u0000slash');
  });

  it('counts the last of two records with one key and says so', async () => {
    shop.sources.items.push(item('D', { name: 'first' }), item('D', { name: 'second' }));
    await shop.sync();
    expect((await list()).map(({ name }) => name)).toEqual(['second']);
    expect(await shop.rejections()).toEqual({ 'items D': 'occurs more than once in one page; the last record counts' });
  });

  it('announces what no product is told of: labels, categories and locales that came, changed or went', async () => {
    shop.sources.items.push(item('A'));
    shop.sources.products.push(productContent('p'));
    shop.sources.variants.push(variantContent('A', 'p'));
    await shop.sync();
    await shop.announced();
    shop.sources.attributes.push({ code: 'colour', label: { en_US: 'Colour' }, kind: 'TEXT', filterable: false });
    await shop.sync('attributes');
    expect(await shop.announced()).toEqual(['(directory)']);
    await shop.sync('attributes');
    expect(await shop.announced()).toEqual([]);
    shop.sources.categories.push({ code: 'empty', parentCode: null, name: { en_US: 'Empty' }, position: 0 });
    await shop.sync('categories');
    expect(await shop.announced()).toEqual(['(directory)']);
    shop.sources.products[0] = productContent('p', { name: { en_US: 'Bike', sv_SE: 'Cykel' } });
    await shop.sync('products');
    expect((await shop.announced()).sort()).toEqual(['(directory)', 'p']);
    shop.sources.categories.pop();
    shop.sources.attributes.pop();
    await shop.sync();
    expect(await shop.announced()).toEqual(['(directory)', '(directory)']);
  });

  it('survives a cycle of categories and regrows trees when one moves', async () => {
    shop.sources.items.push(item('A'));
    shop.sources.products.push(productContent('p', { categoryCodes: ['leaf'] }));
    shop.sources.variants.push(variantContent('A', 'p'));
    const category = (code: string, parentCode: string | null) => ({ code, parentCode, name: { en_US: code }, position: 0 });
    shop.sources.categories.push(category('leaf', 'left'), category('left', 'leaf'), category('right', null));
    await shop.sync();
    await shop.announced();
    shop.sources.categories[0] = category('leaf', 'right');
    await shop.sync('categories');
    expect(await shop.announced()).toEqual(['(directory)', 'p']);
    const { data } = await shop.ask('{ products(filter: { categoryCodes: ["right"] }) { nodes { code categories { code parent { code } } } } }');
    expect(data.products.nodes).toEqual([{ code: 'p', categories: [{ code: 'leaf', parent: { code: 'right' } }] }]);
  });
});
