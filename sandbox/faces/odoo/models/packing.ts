import type { Carrier, MoveLine, Parcel } from '../../../engine/rows-after-sale.ts';
import type { Move } from '../../../engine/rows.ts';
import type { ErpTables } from '../../../engine/tables.ts';
import { boolean, char, float, integer, many2one, model, selection, type Call, type Model } from '../field.ts';
import { checkFields, given, idOf, numberText, readCommands, textOf, type Columns } from '../writing.ts';

/** How goods travel: in which parcel, with whom, to which place. */
export function packingModels(tables: ErpTables): Model[] {
  return [moveLineModel(tables), parcelModel(tables), carrierModel(tables)];
}

type Values = Readonly<Record<string, unknown>>;

const PART: Columns = { quantity: ['quantity', numberText], location_dest_id: ['toLocationId', Number], result_package_id: ['parcelId', idOf] };

/** `move_line_ids` of a move: what is taken away, changed and added, written as one. */
export function writeMoveLines(call: Call, moveId: number, values: Values): void {
  const commands = readCommands(values['move_line_ids']);
  const gone = commands.flatMap((command) => (command.kind === 'unlink' ? [command.id as number | undefined] : []));
  const changed = new Map(commands.flatMap((command) => (command.kind === 'update' ? [[command.id, given(command.values, PART)] as const] : [])));
  const kept = call.tables.moveLines.where('moveId', moveId).filter(({ id }) => !gone.includes(undefined) && !gone.includes(id));
  const added = commands.flatMap((command) => {
    if (command.kind !== 'create') return [];
    checkFields(call.models.get('stock.move.line')!, command.values);
    return [{ quantity: '0', ...given(command.values, PART) }];
  });
  const parts = [...kept.map(({ id, quantity, toLocationId, parcelId }) => ({ quantity, toLocationId, parcelId, ...changed.get(id) })), ...added];
  call.engine.execute('erp/set-move-lines', { moveId, parts, ...given(values, { picked: ['picked', Boolean] }) });
}

function moveLineModel(tables: ErpTables): Model {
  const move = (row: MoveLine): Move => tables.moves.get(row.moveId)!;
  const unit = (row: MoveLine): number => tables.items.get(tables.variants.get(move(row).variantId)!.itemId)!.unitId;
  return model<MoveLine>({
    name: 'stock.move.line', table: tables.moveLines, order: 'id', displayName: (row) => `stock.move.line,${String(row.id)}`,
    fields: {
      move_id: many2one('stock.move', (row) => row.moveId, 'moveId'), picking_id: many2one('stock.picking', (row) => move(row).pickingId), product_id: many2one('product.product', (row) => move(row).variantId),
      quantity: float((row) => row.quantity), quantity_product_uom: float((row) => row.quantity), product_uom_id: many2one('uom.uom', unit), picked: boolean((row) => move(row).picked), state: selection((row) => move(row).state),
      location_id: many2one('stock.location', (row) => move(row).fromLocationId), location_dest_id: many2one('stock.location', (row) => row.toLocationId),
      package_id: many2one('stock.package', () => null), result_package_id: many2one('stock.package', (row) => row.parcelId, 'parcelId'),
      lot_id: many2one('stock.lot', () => null), company_id: many2one('res.company', () => 1),
    },
    write: ({ engine }, lineId, values) => void engine.execute('erp/update-move-line', { lineId, ...given(values, PART) }),
  });
}

function parcelModel(tables: ErpTables): Model {
  return model<Parcel>({
    name: 'stock.package', table: tables.parcels, order: 'name, id', displayName: (row) => row.name,
    fields: { name: char((row) => row.name, 'name'), complete_name: char((row) => row.name, 'name'), shipping_weight: float(() => '0'), package_type_id: many2one('stock.package.type', () => null) },
    create: ({ engine }, values) => (engine.execute('erp/create-parcel', { name: String(values['name']) }) as { parcelId: number }).parcelId,
  });
}

function carrierModel(tables: ErpTables): Model {
  return model<Carrier>({
    name: 'delivery.carrier', table: tables.carriers, order: 'sequence, id', displayName: (row) => row.name,
    fields: {
      name: char((row) => row.name, 'name'), tracking_url: char((row) => row.trackingUrl), product_id: many2one('product.product', (row) => row.variantId), active: boolean(() => true), sequence: integer(() => 10),
      delivery_type: selection(() => 'fixed'), company_id: many2one('res.company', () => null),
    },
    create: ({ engine }, values) => (engine.execute('erp/create-carrier', given(values, { name: ['name', String], tracking_url: ['trackingUrl', textOf], product_id: ['variantId', idOf] })) as { carrierId: number }).carrierId,
  });
}
