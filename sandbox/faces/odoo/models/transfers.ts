import type { Location, Move, Picking } from '../../../engine/rows.ts';
import type { ErpTables } from '../../../engine/tables.ts';
import { missing } from '../errors.ts';
import { boolean, char, datetime, float, many, many2one, model, selection, type Call, type Model } from '../field.ts';
import { given, idOf, momentOf, numberText, readCommands, textOf, type Columns } from '../writing.ts';
import { validate } from '../wizards.ts';
import { writeMoveLines } from './packing.ts';

export function transferModels(tables: ErpTables): Model[] {
  return [pickingModel(tables), moveModel(tables)];
}

type Values = Readonly<Record<string, unknown>>;

const WRITTEN: Columns = {
  carrier_tracking_ref: ['trackingReference', textOf], scheduled_date: ['scheduledAtMs', momentOf], carrier_id: ['carrierId', idOf], partner_id: ['partyId', idOf], printed: ['printed', Boolean], origin: ['origin', textOf],
};

const MOVE: Columns = {
  product_id: ['variantId', Number], product_uom_qty: ['demand', numberText], location_id: ['fromLocationId', Number], location_dest_id: ['toLocationId', Number],
  origin_returned_move_id: ['returnedMoveId', idOf], sale_line_id: ['orderLineId', idOf],
};

/** A transfer written down whole, its moves with it. */
function createPicking(call: Call, values: Values): number {
  const type = call.tables.pickingTypes.get(Number(values['picking_type_id']));
  if (type === undefined) throw missing('stock.picking.type', values['picking_type_id'], 5);
  const places = { fromLocationId: Number(values['location_id']), toLocationId: Number(values['location_dest_id']) };
  const moves = readCommands(values['move_ids']).flatMap((command) => (command.kind === 'create' ? [{ ...places, ...given(command.values, MOVE) }] : []));
  const { pickingId } = call.engine.execute('erp/create-transfer', {
    kind: type.kind, warehouseId: type.warehouseId, ...places, moves,
    ...given(values, { partner_id: ['partyId', idOf], sale_id: ['orderId', idOf], return_id: ['returnOfId', idOf], origin: ['origin', textOf] }),
  }) as { pickingId: number };
  writePicking(call, pickingId, values);
  return pickingId;
}

/** Moves that come over from another transfer; what is reserved for them comes with them. */
const linked = (value: unknown): readonly number[] => readCommands(value).flatMap((command) => (command.kind === 'link' ? command.ids : []));

function writePicking(call: Call, pickingId: number, values: Values): void {
  const patch = given(values, WRITTEN);
  if (Object.keys(patch).length > 0) call.engine.execute('erp/update-picking', { pickingId, ...patch });
  const moveIds = linked(values['move_ids']);
  if (moveIds.length > 0) call.engine.execute('erp/rehome-moves', { pickingId, moveIds });
  for (const command of readCommands(values['move_ids'])) if (command.kind === 'update') writeMove(call, command.id, command.values);
}

function writeMove(call: Call, moveId: number, values: Values): void {
  if (values['move_line_ids'] !== undefined) return writeMoveLines(call, moveId, values);
  if (values['state'] === 'cancel') return void call.engine.execute('erp/cancel-move', { moveId });
  if (values['product_uom_qty'] !== undefined) call.engine.execute('erp/set-demand', { moveId, demand: numberText(values['product_uom_qty']) });
  if (values['quantity'] === undefined && values['picked'] === undefined) return;
  call.engine.execute('erp/set-move', { moveId, picked: call.tables.moves.get(moveId)?.picked ?? false, ...given(values, { quantity: ['quantity', numberText], picked: ['picked', Boolean] }) });
}

/** The carrier's link with the tracking reference in it; what a person or a carrier's own service wrote stands instead. */
function trackingUrl(tables: ErpTables, { trackingUrl: own, trackingReference, carrierId }: Picking): string | null {
  if (own !== null || carrierId == null || trackingReference === null) return own;
  return tables.carriers.get(carrierId)?.trackingUrl?.replace('<shipmenttrackingnumber>', trackingReference) ?? null;
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
      move_ids: many('one2many', 'stock.move', moves), move_line_ids: many('one2many', 'stock.move.line', (row) => moves(row).flatMap((move) => tables.moveLines.where('moveId', move).map((line) => line.id))),
      carrier_id: many2one('delivery.carrier', (row) => row.carrierId ?? null), carrier_tracking_ref: char((row) => row.trackingReference), carrier_tracking_url: char((row) => trackingUrl(tables, row)),
      printed: boolean((row) => row.printed ?? false),
      company_id: many2one('res.company', () => 1), note: char(() => null), move_type: selection(() => 'direct'), user_id: many2one('res.users', () => null),
    },
    create: createPicking, write: writePicking,
    methods: {
      button_validate: { parameters: [], run: validate },
      action_cancel: { parameters: [], run: ({ engine }, cancelled) => cancelled.map((pickingId) => engine.execute('erp/cancel-picking', { pickingId })).every(Boolean) },
      action_confirm: { parameters: [], run: ({ engine }, ids) => ids.map((pickingId) => engine.execute('erp/confirm-transfer', { pickingId })).every(Boolean) },
      action_assign: { parameters: [], run: ({ engine }, ids) => ids.map((pickingId) => engine.execute('erp/assign-picking', { pickingId })).every(Boolean) },
      do_print_picking: { parameters: [], run: ({ engine }, ids) => {
        for (const pickingId of ids) engine.execute('erp/update-picking', { pickingId, printed: true });
        return report(ids);
      } },
    },
  });
}

const report = (ids: readonly number[]): object => ({
  context: { active_ids: ids }, data: null, type: 'ir.actions.report', report_name: 'stock.report_picking', report_type: 'qweb-pdf', report_file: 'stock.report_picking_operations', name: 'Picking Operations',
});

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
      origin_returned_move_id: many2one('stock.move', (row) => row.returnedMoveId, 'returnedMoveId'), move_line_ids: many('one2many', 'stock.move.line', (row) => tables.moveLines.where('moveId', row.id).map((line) => line.id)), to_refund: boolean((row) => row.orderLineId !== null || row.purchaseLineId !== null), is_inventory: boolean((row) => row.pickingId === null),
      move_orig_ids: many('many2many', 'stock.move', (row) => (row.returnedMoveId === null ? [] : [row.returnedMoveId])), procure_method: selection(() => 'make_to_stock'),
      partner_id: many2one('res.partner', (row) => picking(row)?.partyId ?? null), company_id: many2one('res.company', () => 1),
    },
    write: writeMove,
  });
}
