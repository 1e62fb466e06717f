import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startDeployment, type Deployment } from '../support/deployment.ts';
import { createGraph, watchWebSocket } from '../support/graph-client.ts';
import { findRealOdoo, lockRealOdoo } from '../support/real-odoo.ts';
import { CHECK, eventually, order, PLACE, SHIPMENT, type Check, type Placed, type Pushed } from '../support/storefront-operations.ts';

const odoo = await findRealOdoo();
const SKU = 'MUG-02';

interface SaleOrder {
  readonly id: number;
  readonly state: string;
  readonly amount_untaxed: number;
  readonly picking_ids: readonly number[];
}

interface Quant {
  readonly id: number;
  readonly quantity: number;
}

/** The same path on a real Odoo 19: its stock, its price, its order, its delivery. */
describe.skipIf(!odoo)('storefront on a real Odoo', () => {
  let house: Deployment;
  let graph: ReturnType<typeof createGraph>;
  let unlock: () => void;
  let before: readonly Quant[];

  beforeAll(async () => {
    unlock = await lockRealOdoo();
    before = await readQuants();
    const file = join(mkdtempSync(join(tmpdir(), 'ucg-odoo-')), 'connections.json');
    const { url, database } = odoo!;
    writeFileSync(file, JSON.stringify({ connections: { erp: { vendor: 'odoo', url, database, login: 'bot', apiKey: { env: 'ODOO_KEY' } } } }));
    house = await startDeployment({ hosting: 'embedded', env: { CONNECTIONS_FILE: file, ODOO_KEY: odoo!.apiKey } });
    graph = createGraph(house.url);
  }, 400_000);
  afterAll(async () => {
    await house.stop();
    await restore(before);
    unlock();
  }, 60_000);

  const ordersIn = (reference: string): Promise<SaleOrder[]> =>
    odoo!.call('sale.order', 'search_read', { domain: [['client_order_ref', '=', reference]], fields: ['state', 'amount_untaxed', 'picking_ids'] });

  it('shows what Odoo says of an item', async () => {
    const query = '{ productVariant(by: { sku: "MUG-02" }) { sku gtin name sellable price { unitPrice { amount currencyCode } } availability { quantity source freshness } } }';
    const { data, errors } = await graph<{ productVariant: { availability: { quantity: string } } }>(query);
    expect(errors).toEqual([]);
    const [item] = await odoo!.call<{ free_qty: number }[]>('product.product', 'search_read', { domain: [['default_code', '=', SKU]], fields: ['free_qty'] });
    expect(data!.productVariant).toMatchObject({
      sku: SKU, name: 'Mug, enamel 400 ml', sellable: true,
      price: { unitPrice: { amount: '15', currencyCode: 'USD' } },
      availability: { quantity: String(item!.free_qty), source: 'erp', freshness: 'RECENT' },
    });
  });

  it('checks, orders once, and pushes the delivery', async () => {
    const check = await graph<Check>(CHECK, { input: { lines: [{ sku: SKU, quantity: '2' }] } });
    expect(check.data!.checkAvailability.lines[0]).toMatchObject({ freshness: 'LIVE', outcome: { __typename: 'AvailabilityConfirmed' } });
    const input = order(SKU, '2');
    const answers = await Promise.all([1, 2, 3].map(() => graph<Placed>(PLACE, { input })));
    const placed = answers[0]!.data!.placeOrder.order!;
    expect(new Set(answers.map((answer) => answer.data!.placeOrder.order!.number)).size).toBe(1);
    const watch = await watchWebSocket<Pushed>(house.url, SHIPMENT, { id: placed.id });
    await eventually(async () => expect(await ordersIn(placed.number)).toMatchObject([{ state: 'sale', amount_untaxed: 30 }]));
    const [sale] = await ordersIn(placed.number);
    await eventually(async () => {
      const { data } = await graph<{ order: { state: string } }>('query ($id: ID) { order(by: { id: $id }) { state } }', { id: placed.id });
      expect(data!.order.state).toBe('ACCEPTED_BY_ERP');
    });
    await deliver(sale!.picking_ids);
    const event = await watch.until(({ data }) => data?.shipmentUpdated.shipment.state === 'SHIPPED');
    expect(event.data!.shipmentUpdated.shipment).toMatchObject({ lines: [{ sku: SKU, quantity: '2' }], order: { number: placed.number } });
    watch.stop();
    expect(await ordersIn(placed.number)).toHaveLength(1);
  }, 60_000);

  const readQuants = (): Promise<Quant[]> =>
    odoo!.call('stock.quant', 'search_read', { domain: [['product_id.default_code', '=', SKU], ['location_id.usage', '=', 'internal']], fields: ['quantity'] });

  /** Counts the shelves back to what the seed says: other suites compare them with it. */
  async function restore(quants: readonly Quant[]): Promise<void> {
    for (const { id, quantity } of quants) await odoo!.call('stock.quant', 'write', { ids: [id], vals: { inventory_quantity: quantity } });
    await odoo!.call('stock.quant', 'action_apply_inventory', { ids: quants.map(({ id }) => id) });
  }

  /** What the warehouse does in Odoo's own screens. */
  async function deliver(pickings: readonly number[]): Promise<void> {
    const moves = await odoo!.call<{ id: number; product_uom_qty: number }[]>('stock.move', 'search_read', { domain: [['picking_id', 'in', pickings]], fields: ['product_uom_qty'] });
    for (const { id, product_uom_qty: quantity } of moves) await odoo!.call('stock.move', 'write', { ids: [id], vals: { quantity, picked: true } });
    expect(await odoo!.call('stock.picking', 'button_validate', { ids: pickings })).toBe(true);
  }
});
