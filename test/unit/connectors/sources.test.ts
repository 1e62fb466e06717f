import { describe, expect, it } from 'vitest';
import { loadSources } from '../../../connectors/sources.ts';
import { ROSTER, type OpenConnector } from '../../../connectors/roster.ts';
import type { Capabilities, Connector, ContentPort, ItemPort, StockPort } from '../../../domain/connector.ts';
import type { Item, ProductContent } from '../../../domain/catalog.ts';
import { systemClock } from '../../../platform/clock.ts';
import { silentLog } from '../../../platform/log.ts';
import { call } from './fake-vendor.ts';

const able: Capabilities = {
  liveStock: false, nativeAtp: false, stockByLocation: true, trackingNumbers: false, serverPrice: false, delta: [], changes: 'none',
  maxBatch: { page: 1, stock: 1, price: 1 }, maxConcurrency: 1,
};
const item = { sku: 'TEE', name: 'Tee of the ERP', categoryPath: ['Apparel'], groupCode: '1' } as unknown as Item;
const items: ItemPort = { listItems: () => Promise.resolve({ records: [item], rejected: [], next: null, watermark: null, total: 1 }) };
const content = { productCode: 'TEE', name: { en_US: 'Tee of the PIM' }, description: { en_US: 'Soft.' } } as unknown as ProductContent;
const contents = { listProducts: () => Promise.resolve({ records: [content], rejected: [], next: null, watermark: null, total: 1 }) } as unknown as ContentPort;
const closed: string[] = [];
const fake = (ports: Partial<Connector>): OpenConnector => ({ name }) =>
  Promise.resolve({ name, vendor: 'fake', capabilities: able, ping: () => Promise.resolve(), close: () => Promise.resolve(void closed.push(name)), ...ports });
const roster = { erp: fake({ items, stock: {} as StockPort }), pim: fake({ content: contents }) };
const load = (config: object) => loadSources(config, { log: silentLog, clock: systemClock, secrets: (name) => (name === 'KNOWN' ? 'value' : undefined), roster });
const both = { erp: { vendor: 'erp' }, pim: { vendor: 'pim' } };

describe('what a connector claims', () => {
  const claiming = (capabilities: Partial<Capabilities>, stock: Partial<StockPort>): Promise<unknown> =>
    loadSources({ connections: { erp: { vendor: 'erp' } } }, {
      log: silentLog, clock: systemClock, secrets: () => undefined,
      roster: { erp: fake({ stock: stock as StockPort, capabilities: { ...able, ...capabilities } }) },
    });
  const readAtp = (): Promise<never[]> => Promise.resolve([]);
  it('must be kept by a method', async () => {
    await expect(claiming({ nativeAtp: true }, {})).rejects.toMatchObject({ code: 'MISCONFIGURED', message: 'connector "erp" (fake) claims nativeAtp but has no stock.readAtp' });
    await expect(claiming({ serverPrice: true }, {})).rejects.toMatchObject({ message: 'connector "erp" (fake) claims serverPrice but has no prices.quotePrices' });
    expect(closed.splice(0)).toEqual(['erp', 'erp']);
  });
  it('must be said where a method is there', async () => {
    await expect(claiming({}, { readAtp })).rejects.toMatchObject({ message: 'connector "erp" (fake) has stock.readAtp but does not say nativeAtp' });
    await expect(claiming({ nativeAtp: true }, { readAtp })).resolves.toBeDefined();
    closed.length = 0;
  });
});

describe('owners', () => {
  it('are derived: the PIM says what a product is called, the ERP what it is', async () => {
    const sources = await load({ connections: both });
    expect(['product.sku', 'product.name', 'product.media', 'stock', 'orders'].map((field) => sources.ownerOf(field as 'stock'))).toEqual(['erp', 'pim', 'pim', 'erp', null]);
    expect(sources.port('stock')).toMatchObject({ source: 'erp', vendor: 'fake' });
    expect(sources.port('orders')).toBeNull();
    expect(() => sources.portFor('orders')).toThrow(expect.objectContaining({ code: 'UNSUPPORTED' }));
  });

  it('are listened to alone: what another system says of their fields is dropped and counted', async () => {
    const sources = await load({ connections: both, owners: { 'product.name': 'erp' } });
    const { records } = await sources.portFor('content').port.listProducts({ cursor: null, since: null, limit: 1 }, call());
    expect(records).toMatchObject([{ productCode: 'TEE', name: {}, description: { en_US: 'Soft.' } }]);
    expect([...(sources.refusals().get('pim') ?? [])]).toEqual([['ProductContent.name (owned by erp)', 1]]);
  });

  it('leave the ERP its own words for an item, for where the PIM has none', async () => {
    const sources = await load({ connections: both });
    const { records } = await sources.portFor('items').port.listItems({ cursor: null, since: null, limit: 1 }, call());
    expect(records).toEqual([item]);
  });

  it('may be told: the ERP keeps the name where it is given it', async () => {
    const sources = await load({ connections: both, owners: { 'product.name': 'erp', 'product.categories': 'erp' } });
    expect(sources.keepOwned('Item', 'erp', item)).toEqual({ record: item, refused: [] });
    expect(sources.keepOwned('StockLevel', 'pim', {} as never)).toEqual({ record: null, refused: ['StockLevel (owned by erp)'] });
  });
});

describe('a configuration is refused at start, naming the field and the remedy', () => {
  it.each([
    [{ connections: { erp: { vendor: 'nobody' } } }, 'connections.erp.vendor: no connector "nobody"; there are erp, pim'],
    [{ connections: both, owners: { stock: 'pim' } }, 'owners.stock: "pim" (fake) has no stock port: name another connection'],
    [{ connections: both, owners: { stock: 'wms' } }, 'owners.stock: no connection "wms"; there are erp, pim'],
    [{ connections: both, needs: { stock: ['liveStock'] } }, 'needs.stock: "erp" (fake) lacks liveStock: name another owner or drop the need'],
    [{ connections: { pim: { vendor: 'pim' } }, needs: { orders: ['trackingNumbers'] } }, 'needs.orders: no connection has a orders port'],
    [{ connections: { erp: { vendor: 'erp', key: { env: 'MISSING' } } } }, 'connections.erp.key: the environment has no MISSING'],
    [{ connections: both, owner: {} }, 'Unrecognized key'],
  ])('%j', async (config, message) => {
    await expect(load(config)).rejects.toMatchObject({ code: 'MISCONFIGURED', message: expect.stringContaining(message) as string });
  });

  it('and whatever was opened is closed again', async () => {
    closed.length = 0;
    await expect(load({ connections: both, owners: { stock: 'pim' } })).rejects.toThrow();
    expect(closed.sort()).toEqual(['erp', 'pim']);
  });

  it('by the vendor\'s own settings, too', async () => {
    const odoo = { connections: { erp: { vendor: 'odoo', url: 'no url', database: 'x', apiKey: 'k' } } };
    await expect(loadSources(odoo, { log: silentLog, clock: systemClock, secrets: () => undefined })).rejects.toMatchObject({ code: 'MISCONFIGURED', field: ['connections', 'erp', 'url'] });
    expect(Object.keys(ROSTER)).toEqual(Object.keys(ROSTER).sort());
  });
});
