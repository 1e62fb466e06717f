import { randomUUID } from 'node:crypto';
import { decimal } from '../../domain/decimal.ts';
import type { Connector } from '../../domain/connector.ts';
import type { ErpOrder } from '../../domain/orders.ts';
import { instant } from '../../domain/time.ts';
import { idBy, productId } from './erp-desk.ts';
import { call, type Desk } from './targets.ts';

/** What people in a warehouse do in an ERP that speaks Odoo, and the orders they do it with. */

export interface Goods {
  readonly sku: string;
  readonly quantity: string;
  readonly price?: string;
}

/** An order out of MAIN, confirmed. */
export async function orderOf(connector: Connector, goods: readonly Goods[]): Promise<ErpOrder> {
  return connector.orders!.createOrder({
    reference: `T-${randomUUID()}`, customerId: (await connector.customers!.findCustomer({ number: 'C-1001' }, call()))!, channel: null, currencyCode: 'USD', priceListCode: null,
    shipTo: null, requestedOn: null, note: null, placedAt: instant(Date.now()),
    lines: goods.map(({ sku, quantity, price = '10' }, index) => ({
      lineNumber: index + 1, sku, quantity: decimal(quantity), unitPrice: { amount: decimal(price), currencyCode: 'USD' }, locationCode: 'MAIN',
    })),
  }, call());
}

interface PickingRow {
  readonly id: number;
}

interface MoveRow {
  readonly id: number;
  readonly product_id: readonly [number, string];
  readonly product_uom: readonly [number, string];
  readonly location_id: readonly [number, string];
  readonly location_dest_id: readonly [number, string];
  readonly move_line_ids: readonly number[];
}

async function openPicking(desk: Desk, orderId: string): Promise<{ readonly id: number; readonly moves: readonly MoveRow[] }> {
  const domain = [['sale_id', '=', Number(orderId)], ['picking_type_code', '=', 'outgoing'], ['state', 'not in', ['done', 'cancel']]];
  const [picking] = await desk<PickingRow[]>('stock.picking', 'search_read', { domain, fields: ['id'], order: 'id' });
  if (picking === undefined) throw new Error(`order ${orderId} has nothing open`);
  const fields = ['product_id', 'product_uom', 'location_id', 'location_dest_id', 'move_line_ids'];
  return { id: picking.id, moves: await desk<MoveRow[]>('stock.move', 'search_read', { domain: [['picking_id', '=', picking.id]], fields, order: 'id' }) };
}

export const printPapers = async (desk: Desk, orderId: string): Promise<unknown> => desk('stock.picking', 'do_print_picking', { ids: [(await openPicking(desk, orderId)).id] });

/** Somebody takes the goods of one SKU from the shelf. */
export async function pick(desk: Desk, orderId: string, sku: string): Promise<void> {
  const [{ moves }, product] = [await openPicking(desk, orderId), await productId(desk, sku)];
  await desk('stock.move', 'write', { ids: moves.filter((move) => move.product_id[0] === product).map(({ id }) => id), vals: { picked: true } });
}

export interface Leaving {
  /** By name; a parcel without a name is no parcel: its goods go loose. */
  readonly parcels: readonly { readonly name: string | null; readonly goods: readonly Goods[] }[];
  readonly tracking?: string;
  readonly carrier?: string;
}

/** Exactly these goods leave, packed like this; the rest becomes a backorder. */
export async function ship(desk: Desk, orderId: string, { parcels, tracking, carrier }: Leaving): Promise<void> {
  const { id, moves } = await openPicking(desk, orderId);
  const packed = await Promise.all(parcels.map(async ({ name, goods }) => ({
    parcel: name === null ? false : (await desk<number[]>('stock.package', 'create', { vals_list: [{ name }] }))[0]!,
    goods: await Promise.all(goods.map(async ({ sku, quantity }) => ({ product: await productId(desk, sku), quantity: Number(quantity) }))),
  })));
  const commands = moves.map((move) => {
    const added = packed.flatMap(({ parcel, goods }) => goods.filter(({ product }) => product === move.product_id[0]).map(({ quantity }) => [0, 0, {
      product_id: move.product_id[0], product_uom_id: move.product_uom[0], quantity, picking_id: id, location_id: move.location_id[0], location_dest_id: move.location_dest_id[0], result_package_id: parcel,
    }]));
    return [1, move.id, { move_line_ids: [...move.move_line_ids.map((line) => [2, line]), ...added], picked: added.length > 0 }];
  });
  const way = { ...(tracking !== undefined && { carrier_tracking_ref: tracking }), ...(carrier !== undefined && { carrier_id: await carrierId(desk, carrier) }) };
  await desk('stock.picking', 'write', { ids: [id], vals: { move_ids: commands, ...way } });
  await desk('stock.picking', 'button_validate', { ids: [id], context: { skip_backorder: true } });
}

/** A carrier with a link; made once. */
async function carrierId(desk: Desk, name: string): Promise<number> {
  const [known] = await desk<number[]>('delivery.carrier', 'search', { domain: [['name', '=', name]] });
  if (known !== undefined) return known;
  const product = await idBy(desk, 'product.product', 'type', 'service');
  return (await desk<number[]>('delivery.carrier', 'create', { vals_list: [{ name, product_id: product, tracking_url: 'https://track.example/<shipmenttrackingnumber>' }] }))[0]!;
}

interface QuantRow {
  readonly location_id: readonly [number, string];
  readonly quantity: number;
}

const quantsOf = async (desk: Desk, sku: string): Promise<readonly QuantRow[]> =>
  desk('stock.quant', 'search_read', { domain: [['product_id', '=', await productId(desk, sku)], ['location_id.usage', '=', 'internal']], fields: ['location_id', 'quantity'] });

/** Runs `work`, then counts the goods: what lies in the house is as before. For systems that others count on. */
export async function withStockKept<T>(desk: Desk, skus: readonly string[], work: () => Promise<T>): Promise<T> {
  const before = await Promise.all(skus.map(async (sku) => ({ sku, quants: await quantsOf(desk, sku) })));
  try {
    return await work();
  } finally {
    for (const { sku, quants } of before) {
      for (const { location_id: [place] } of await quantsOf(desk, sku)) {
        const quantity = quants.find(({ location_id: [id] }) => id === place)?.quantity ?? 0;
        const ids = await desk<number[]>('stock.quant', 'create', { vals_list: [{ product_id: await productId(desk, sku), location_id: place, inventory_quantity: quantity }], context: { inventory_mode: true } });
        await desk('stock.quant', 'action_apply_inventory', { ids });
      }
    }
  }
}

/** A place in MAIN for goods nobody may buy; made once. */
export async function setUpQuarantine(desk: Desk): Promise<void> {
  const [known] = await desk<number[]>('stock.location', 'search', { domain: [['complete_name', '=', 'MAIN/Quarantine']] });
  if (known !== undefined) return;
  const main = await idBy(desk, 'stock.location', 'complete_name', 'MAIN');
  await desk('stock.location', 'create', { vals_list: [{ name: 'Quarantine', location_id: main, usage: 'internal' }] });
}

/** What nobody waits for any more. */
export const dropRest = (desk: Desk, orderId: string): Promise<unknown> => desk('sale.order', 'action_cancel', { ids: [Number(orderId)], context: { disable_cancel_warning: true } });
