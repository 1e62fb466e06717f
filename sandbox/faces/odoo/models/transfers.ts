import type { Location, Move, Picking } from '../../../engine/rows.ts';
import type { ErpTables } from '../../../engine/tables.ts';
import { boolean, char, datetime, float, many, many2one, model, selection, type Model } from '../field.ts';
import { given, numberText, textOf, momentOf } from '../writing.ts';
import { validate } from '../wizards.ts';

export function transferModels(tables: ErpTables): Model[] {
  return [pickingModel(tables), moveModel(tables)];
}

const typeOf = (tables: ErpTables, picking: Picking): number => tables.pickingTypes.where('warehouseId', picking.warehouseId).find((type) => type.kind === picking.kind)!.id;

function pickingModel(tables: ErpTables): Model {
  const ids = (rows: readonly Picking[]): number[] => rows.map((row) => row.id);
  const moves = (row: Picking): number[] => tables.moves.where('pickingId', row.id).map((move) => move.id);
  return model<Picking>({
    name: 'stock.picking', table: tables.pickings, order: 'scheduled_date, id desc', displayName: (row) => row.name,
    fields: {
      name: char((row) => row.name, 'name'), state: selection((row) => row.state, 'state'), origin: char((row) => row.origin), partner_id: many2one('res.partner', (row) => row.partyId),
      picking_type_id: many2one('stock.picking.type', (row) => typeOf(tables, row)), picking_type_code: selection((row) => row.kind),
      scheduled_date: datetime((row) => row.scheduledAtMs), date_deadline: datetime((row) => row.scheduledAtMs), date_done: datetime((row) => row.doneAtMs),
      backorder_id: many2one('stock.picking', (row) => row.backorderOfId, 'backorderOfId'), backorder_ids: many('one2many', 'stock.picking', (row) => ids(tables.pickings.where('backorderOfId', row.id))),
      return_id: many2one('stock.picking', (row) => row.returnOfId, 'returnOfId'), return_ids: many('one2many', 'stock.picking', (row) => ids(tables.pickings.where('returnOfId', row.id))), is_return_picking: boolean((row) => row.returnOfId !== null),
      sale_id: many2one('sale.order', (row) => row.orderId, 'orderId'), purchase_id: many2one('purchase.order', (row) => row.purchaseOrderId, 'purchaseOrderId'),
      location_id: many2one('stock.location', (row) => row.fromLocationId), location_dest_id: many2one('stock.location', (row) => row.toLocationId),
      move_ids: many('one2many', 'stock.move', moves), move_line_ids: many('one2many', 'stock.move.line', moves),
      carrier_id: many2one('delivery.carrier', () => null), carrier_tracking_ref: char((row) => row.trackingReference), carrier_tracking_url: char((row) => row.trackingUrl),
      company_id: many2one('res.company', () => 1), note: char(() => null), move_type: selection(() => 'direct'), user_id: many2one('res.users', () => null),
    },
    write: ({ engine }, pickingId, values) => void engine.execute('erp/update-picking', {
      pickingId, ...given(values, { carrier_tracking_ref: ['trackingReference', textOf], carrier_tracking_url: ['trackingUrl', textOf], scheduled_date: ['scheduledAtMs', momentOf] }),
    }),
    methods: {
      button_validate: { parameters: [], run: validate },
      action_cancel: { parameters: [], run: ({ engine }, cancelled) => cancelled.map((pickingId) => engine.execute('erp/cancel-picking', { pickingId })).every(Boolean) },
      action_assign: { parameters: [], run: () => true },
    },
  });
}

function moveModel(tables: ErpTables): Model {
  const picking = (row: Move): Picking | undefined => (row.pickingId === null ? undefined : tables.pickings.get(row.pickingId));
  const place = (id: number): Location => tables.locations.get(id)!;
  const warehouse = (row: Move): number | null => place(row.fromLocationId).warehouseId ?? place(row.toLocationId).warehouseId;
  const sku = (row: Move): string => tables.variants.get(row.variantId)!.sku;
  const unit = (row: Move): number => tables.items.get(tables.variants.get(row.variantId)!.itemId)!.unitId;
  const origin = (row: Move): string | null => picking(row)?.origin ?? row.origin;
  return model<Move>({
    name: 'stock.move', table: tables.moves, order: 'id', displayName: (row) => `${origin(row) ?? ''}/${sku(row)}: ${place(row.fromLocationId).name}>${place(row.toLocationId).name}`,
    fields: {
      reference: char((row) => picking(row)?.name ?? row.origin), origin: char((row) => row.origin), state: selection((row) => row.state, 'state'), product_id: many2one('product.product', (row) => row.variantId, 'variantId'),
      product_uom_qty: float((row) => row.demand), product_qty: float((row) => row.demand), quantity: float((row) => row.quantity), picked: boolean((row) => row.picked), product_uom: many2one('uom.uom', unit),
      date: datetime((row) => row.doneAtMs ?? row.dueAtMs), date_deadline: datetime((row) => (row.pickingId === null ? null : row.dueAtMs)), picking_id: many2one('stock.picking', (row) => row.pickingId, 'pickingId'),
      picking_code: selection((row) => picking(row)?.kind ?? null), picking_type_id: many2one('stock.picking.type', (row) => (picking(row) === undefined ? null : typeOf(tables, picking(row)!))),
      sale_line_id: many2one('sale.order.line', (row) => row.orderLineId, 'orderLineId'), purchase_line_id: many2one('purchase.order.line', (row) => row.purchaseLineId, 'purchaseLineId'),
      location_id: many2one('stock.location', (row) => row.fromLocationId), location_dest_id: many2one('stock.location', (row) => row.toLocationId), warehouse_id: many2one('stock.warehouse', warehouse),
      origin_returned_move_id: many2one('stock.move', (row) => row.returnedMoveId, 'returnedMoveId'), to_refund: boolean((row) => row.orderLineId !== null || row.purchaseLineId !== null), is_inventory: boolean((row) => row.pickingId === null),
      partner_id: many2one('res.partner', (row) => picking(row)?.partyId ?? null), company_id: many2one('res.company', () => 1),
    },
    write: ({ engine }, moveId, values) => void engine.execute('erp/set-move', { moveId, picked: tables.moves.get(moveId)?.picked ?? false, ...given(values, { quantity: ['quantity', numberText], picked: ['picked', Boolean] }) }),
  });
}
