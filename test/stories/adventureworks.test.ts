import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { add, decimal, ZERO, type Decimal } from '../../domain/decimal.ts';
import { startDeployment, type Deployment } from '../support/deployment.ts';
import { createGraph, type GraphAnswer } from '../support/graph-client.ts';

const folder = resolve(process.env['SHARED_DIR'] ?? '../shared', 'data/adventureworks');
const missing = !existsSync(folder) && process.env['CI'] !== 'true';
if (missing) console.warn(`skipped: no ${folder}; set SHARED_DIR to the folder of reference data`);

/** Rows of a headerless table, columns named by columns.json. An oracle of its own: it shares nothing with the loader. */
function readTable(name: string): readonly Record<string, string>[] {
  const columns = JSON.parse(readFileSync(join(folder, 'columns.json'), 'utf8')) as Record<string, [string][]>;
  const names = Object.entries(columns).find(([table]) => table.split('.').at(-1) === name)![1].map(([column]) => column);
  const lines = readFileSync(join(folder, 'oltp_2016dates', `${name}.csv`), 'latin1').split('\n').filter((line) => line.trim() !== '');
  return lines.map((line) => Object.fromEntries(line.trimEnd().split('\t').map((cell, index) => [names[index]!, cell])));
}

interface Variant {
  readonly sku: string;
  readonly sellable: boolean;
  readonly price: { readonly unitPrice: { readonly amount: string } } | null;
  readonly availability: { readonly quantity: string; readonly byLocation: readonly { readonly location: { readonly code: string }; readonly quantity: string }[] } | null;
}

interface Products {
  readonly products: { readonly nodes: readonly { readonly name: string; readonly variants: readonly Variant[] }[]; readonly pageInfo: { readonly hasNextPage: boolean; readonly endCursor: string | null } };
}

const PAGE = `query ($after: String) { products(first: 50, sort: NEWEST, after: $after) { pageInfo { hasNextPage endCursor }
  nodes { name variants { sku sellable price { unitPrice { amount } } availability { quantity byLocation { location { code } quantity } } } } } }`;

describe.skipIf(missing)('AdventureWorks, from its files to the graph', () => {
  let house: Deployment;
  let graph: ReturnType<typeof createGraph>;
  let printed: string;
  const variants = new Map<string, Variant>();

  beforeAll(async () => {
    house = await startDeployment({
      hosting: 'embedded',
      prepare: async (dataDir) => {
        printed = execFileSync('node_modules/.bin/tsx', ['sandbox/load.ts', 'adventureworks', folder], { encoding: 'utf8', env: { ...process.env, DATA_DIR: dataDir, SANDBOX_URL: 'http://127.0.0.1:9' } });
      },
      // In the middle of the longest feed: the next start must resume and lose nothing.
      killFirstStartAt: /customers\s+full\s+(?:5|10)000 of/,
    });
    graph = createGraph(house.url);
    for (let after: string | null = null, more = true; more; ) {
      const { data, errors }: GraphAnswer<Products> = await graph<Products>(PAGE, { after });
      expect(errors).toEqual([]);
      for (const { variants: own } of data!.products.nodes) for (const variant of own) variants.set(variant.sku, variant);
      ({ hasNextPage: more, endCursor: after } = data!.products.pageInfo);
    }
  }, 180_000);
  afterAll(async () => void (await house.stop()), 60_000);

  it('shows counts in and out, and where the rejected rows are', () => {
    expect(printed).toMatch(/Product\s+504\s+504\s+0\s+0/);
    expect(printed).toMatch(/ProductInventory\s+1069\s+1069\s+0\s+0/);
    expect(printed).toMatch(/Customer\s+19820\s+19820\s+0\s+0/);
    expect(printed).toContain('rejected.jsonl');
  });

  it('has every product at its list price, and no price where there is none', () => {
    const products = readTable('Product');
    expect(variants.size).toBe(products.length);
    for (const { ProductNumber: sku, ListPrice: listPrice } of products) {
      const shown = variants.get(sku!)!.price?.unitPrice.amount ?? null;
      expect(shown === null ? ZERO : decimal(shown), sku).toBe(decimal(listPrice!));
    }
  });

  it('has every stock row of what is for sale, by location, and sells nothing that is discontinued', () => {
    const skuOf = new Map(readTable('Product').map((product) => [product['ProductID']!, product['ProductNumber']!]));
    const expected = new Map<string, Decimal>();
    for (const row of readTable('ProductInventory')) {
      const key = `${skuOf.get(row['ProductID']!)}@L${row['LocationID']!.padStart(2, '0')}`;
      expected.set(key, add(expected.get(key) ?? ZERO, decimal(row['Quantity']!)));
    }
    let compared = 0;
    for (const { sku, sellable, availability } of variants.values()) {
      if (!sellable) {
        expect(availability!.quantity, sku).toBe('0');
        continue;
      }
      for (const { location, quantity } of availability!.byLocation) {
        expect(decimal(quantity), `${sku}@${location.code}`).toBe(expected.get(`${sku}@${location.code}`) ?? ZERO);
        compared += 1;
      }
    }
    expect(compared).toBeGreaterThan(1_000);
  });

  it('has all customers, though the process was killed while reading them', async () => {
    const { data } = await graph<{ customers: { totalCount: number } }>('{ customers(first: 1) { totalCount } }');
    expect(data!.customers.totalCount).toBeGreaterThanOrEqual(19_820);
  });

  it('describes products in six languages', async () => {
    const query = '{ product(by: { sku: "BK-M82S-38" }) { name description } }';
    const texts = new Set<string>();
    for (const locale of ['en_US', 'fr_FR', 'ar_SA', 'th_TH', 'he_IL', 'zh_TW']) {
      const { data } = await graph<{ product: { description: string } }>(query, {}, { 'x-locale': locale });
      texts.add(data!.product.description);
    }
    expect(texts.size).toBe(6);
  });
});
