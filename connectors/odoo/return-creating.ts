import type { CallContext } from '../../domain/connector.ts';
import { add, compare, isPositive, least, subtract, ZERO, type Decimal } from '../../domain/decimal.ts';
import { Failure } from '../../domain/failure.ts';
import type { Sku } from '../../domain/ids.ts';
import type { NewReturn } from '../../domain/returns.ts';
import type { OdooClient } from './client.ts';
import { decimalOf, textOrNull } from './convert.ts';
import { malformed } from './failures.ts';
import { orderIdOf } from './order-reading.ts';
import { readAll } from './paging.ts';
import { doneOf } from './return.map.ts';
import { isOpen, keyOf, MOVE } from './return-reading.ts';
import { readSkus } from './skus.ts';
import type { OdooSoldMoveRow } from './wire-after-sale.ts';
import type { OdooMany2One } from './wire.ts';

interface ShippedRow {
  readonly id: number;
  readonly partner_id: OdooMany2One;
  readonly picking_type_id: OdooMany2One;
  readonly picking_type_code: string;
  readonly location_id: OdooMany2One;
  readonly location_dest_id: OdooMany2One;
  readonly date_done: string | false;
}

/** What left with one move and is neither back nor on its way back. */
interface Returnable {
  readonly move: OdooSoldMoveRow;
  readonly sku: Sku | null;
  readonly left: Decimal;
}

/** Part of a return: so much of what that move brought. */
interface Share {
  readonly move: OdooSoldMoveRow;
  readonly quantity: Decimal;
}

/**
 * Writes the transfer of goods coming back and answers its id. Not by the form `stock.return.picking`: that makes the transfer
 * in one call and leaves our reference to a second, between which it would be nobody's, and takes one shipment at a time. What
 * the form would write is written here in one `create`, reference and shares of several shipments included.
 * @throws Failure UPSTREAM_REJECTED when more is asked back than was shipped and is not back yet
 */
export async function writeReturn(client: OdooClient, request: NewReturn, call: CallContext): Promise<number> {
  const orderId = orderIdOf(client, request.orderId);
  const shipped = await readShipped(client, orderId, call);
  const shares = spread(client, request, await readReturnable(client, shipped, call));
  const first = shipped.find(({ id }) => id === keyOf(shares[0]?.move.picking_id));
  if (first === undefined) throw malformed(client.system, `nothing of ${request.reference} was shipped`);
  const way = await wayBack(client, first, call);
  const columns = await client.columnsOf('stock.move', ['name', 'to_refund', 'procure_method', 'group_id'], call);
  const [list = 'move_ids'] = await client.columnsOf('stock.picking', ['move_ids', 'move_lines'], call);
  const [returnOf] = await client.columnsOf('stock.picking', ['return_id'], call);
  const values = {
    ...way, origin: request.reference, partner_id: keyOf(first.partner_id) || false,
    // Until 18 the order is that of the moves' procurement group.
    ...(!columns.includes('group_id') && { sale_id: orderId }),
    ...(returnOf !== undefined && { [returnOf]: first.id }),
    [list]: shares.map((share) => [0, 0, moveOf(share, way, columns)]),
  };
  const [id] = await client.write<number[]>({ model: 'stock.picking', method: 'create', args: { vals_list: [values] } }, call);
  if (id === undefined) throw malformed(client.system, 'stock.picking/create answered no id');
  return id;
}

/** Shipments of the order that have left, the oldest first. */
async function readShipped(client: OdooClient, orderId: number, call: CallContext): Promise<readonly ShippedRow[]> {
  const columns = ['partner_id', 'picking_type_id', 'picking_type_code', 'location_id', 'location_dest_id', 'date_done'];
  const domain = [['sale_id', '=', orderId], ['picking_type_code', '=', 'outgoing'], ['state', '=', 'done']] as const;
  const rows = await readAll<ShippedRow>(client, { model: 'stock.picking', columns, domain }, call);
  return [...rows].sort((a, b) => (String(a.date_done) < String(b.date_done) ? -1 : String(a.date_done) > String(b.date_done) ? 1 : a.id - b.id));
}

async function readReturnable(client: OdooClient, shipped: readonly ShippedRow[], call: CallContext): Promise<readonly Returnable[]> {
  if (shipped.length === 0) return [];
  const ids = shipped.map(({ id }) => id);
  const moves = await readAll<OdooSoldMoveRow>(client, { model: 'stock.move', columns: MOVE, domain: [['picking_id', 'in', ids], ['state', '=', 'done']] }, call);
  const [back, skus] = await Promise.all([
    readAll<OdooSoldMoveRow>(client, { model: 'stock.move', columns: MOVE, domain: [['origin_returned_move_id', 'in', moves.map(({ id }) => id)], ['state', '!=', 'cancel']] }, call),
    readSkus(client, moves.map((move) => move.product_id), call),
  ]);
  const age = (move: OdooSoldMoveRow): number => ids.indexOf(keyOf(move.picking_id));
  return [...moves].sort((a, b) => age(a) - age(b) || a.id - b.id).map((move) => ({
    move,
    sku: textOrNull(skus.get(keyOf(move.product_id)) ?? false),
    left: back.filter((row) => keyOf(row.origin_returned_move_id) === move.id).reduce((left, row) => subtract(left, isOpen(row) ? decimalOf(row.product_uom_qty) : doneOf(row)), doneOf(move)),
  }));
}

/** The oldest shipment first. */
function spread(client: OdooClient, request: NewReturn, returnable: readonly Returnable[]): readonly Share[] {
  const taken = new Map<number, Decimal>();
  for (const { sku, quantity } of request.lines) {
    let wanted = quantity;
    for (const { move, left } of returnable.filter((one) => one.sku === sku)) {
      const share = least(wanted, subtract(left, taken.get(move.id) ?? ZERO));
      if (!isPositive(share)) continue;
      taken.set(move.id, add(taken.get(move.id) ?? ZERO, share));
      wanted = subtract(wanted, share);
    }
    if (isPositive(wanted)) throw tooMuch(client, request, sku, { asked: quantity, returnable });
  }
  return returnable.flatMap(({ move }) => (taken.has(move.id) ? [{ move, quantity: taken.get(move.id)! }] : []));
}

function tooMuch(client: OdooClient, { orderId, reference }: NewReturn, sku: Sku, { asked, returnable }: { readonly asked: Decimal; readonly returnable: readonly Returnable[] }): Failure {
  const ofSku = returnable.filter((one) => one.sku === sku);
  const shipped = ofSku.reduce((all, { move }) => add(all, doneOf(move)), ZERO);
  const left = ofSku.reduce((all, one) => add(all, compare(one.left, ZERO) > 0 ? one.left : ZERO), ZERO);
  const message = `${reference} asks ${asked} of ${sku} back; of order ${orderId} ${shipped} were shipped and ${left} are not back or on their way back`;
  return new Failure('UPSTREAM_REJECTED', message, { system: client.system, vendorCode: 'over-return', field: ['lines', sku] });
}

interface WayBack {
  readonly picking_type_id: number;
  readonly location_id: number;
  readonly location_dest_id: number;
}

/** By the operation type's own type for returns, as the form does; from where the goods were brought. */
async function wayBack(client: OdooClient, first: ShippedRow, call: CallContext): Promise<WayBack> {
  const typeId = keyOf(first.picking_type_id);
  const types = await readAll<{ readonly id: number; readonly return_picking_type_id?: OdooMany2One; readonly warehouse_id: OdooMany2One }>(
    client, { model: 'stock.picking.type', columns: ['return_picking_type_id', 'warehouse_id'], domain: [['id', '=', typeId]] }, call);
  const warehouse = keyOf(types[0]?.warehouse_id);
  const incoming = await readAll<{ readonly id: number; readonly default_location_dest_id: OdooMany2One }>(
    client, { model: 'stock.picking.type', columns: ['default_location_dest_id'], domain: [['code', '=', 'incoming'], ['warehouse_id', '=', warehouse]] }, call);
  const type = incoming.find(({ id }) => id === keyOf(types[0]?.return_picking_type_id)) ?? incoming[0];
  if (type === undefined) throw new Failure('UPSTREAM_REJECTED', `Odoo's warehouse ${warehouse} takes no goods in`, { system: client.system, vendorCode: 'no-receipts' });
  return { picking_type_id: type.id, location_id: keyOf(first.location_dest_id), location_dest_id: keyOf(type.default_location_dest_id) || keyOf(first.location_id) };
}

/** As the form copies it; `to_refund` has the order count the goods as not delivered, `name` was required until 18. */
function moveOf({ move, quantity }: Share, { location_id, location_dest_id }: WayBack, columns: readonly string[]): Record<string, unknown> {
  const label = move.product_id ? move.product_id[1] : '';
  const optional = { name: label, to_refund: true, procure_method: 'make_to_stock', group_id: keyOf(move.group_id) || false };
  return {
    product_id: keyOf(move.product_id), product_uom: keyOf(move.product_uom), product_uom_qty: Number(quantity), location_id, location_dest_id,
    origin_returned_move_id: move.id, sale_line_id: keyOf(move.sale_line_id) || false, move_orig_ids: [[4, move.id]],
    ...Object.fromEntries(Object.entries(optional).filter(([name]) => columns.includes(name))),
  };
}
