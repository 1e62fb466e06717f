import { subtract } from '../../../engine/decimal.ts';
import type { Location, PickingType, Quant, Warehouse } from '../../../engine/rows.ts';
import type { ErpTables } from '../../../engine/tables.ts';
import { boolean, char, float, many2one, model, selection, type Model } from '../field.ts';

export function placeModels(tables: ErpTables): Model[] {
  return [warehouseModel(tables), locationModel(tables), pickingTypeModel(tables), quantModel(tables)];
}

function completeName(tables: ErpTables, location: Location): string {
  return location.parentId === null ? location.name : `${completeName(tables, tables.locations.get(location.parentId)!)}/${location.name}`;
}

function warehouseModel(tables: ErpTables): Model {
  const type = (kind: PickingType['kind']) => (row: Warehouse): number => tables.pickingTypes.where('warehouseId', row.id).find((candidate) => candidate.kind === kind)!.id;
  return model<Warehouse>({
    name: 'stock.warehouse', table: tables.warehouses, order: 'id', displayName: (row) => row.name,
    fields: {
      name: char((row) => row.name), code: char((row) => row.code, 'code'), active: boolean(() => true), company_id: many2one('res.company', () => 1),
      partner_id: many2one('res.partner', () => tables.companies.get(1)!.partyId),
      view_location_id: many2one('stock.location', (row) => row.viewLocationId), lot_stock_id: many2one('stock.location', (row) => row.stockLocationId),
      in_type_id: many2one('stock.picking.type', type('incoming')), out_type_id: many2one('stock.picking.type', type('outgoing')),
      reception_steps: selection(() => 'one_step'), delivery_steps: selection(() => 'ship_only'),
    },
  });
}

function locationModel(tables: ErpTables): Model {
  const path = (row: Location): string => `${row.parentId === null ? '' : `${String(row.parentId)}/`}${String(row.id)}/`;
  return model<Location>({
    name: 'stock.location', table: tables.locations, order: 'complete_name, id', displayName: (row) => completeName(tables, row),
    fields: {
      name: char((row) => row.name), complete_name: char((row) => completeName(tables, row)), usage: selection((row) => row.usage, 'usage'),
      location_id: many2one('stock.location', (row) => row.parentId, 'parentId'), warehouse_id: many2one('stock.warehouse', (row) => row.warehouseId, 'warehouseId'),
      active: boolean(() => true), parent_path: char(path), barcode: char(() => null), company_id: many2one('res.company', (row) => (row.warehouseId === null ? null : 1)),
    },
  });
}

function pickingTypeModel(tables: ErpTables): Model {
  const warehouse = (row: PickingType): Warehouse => tables.warehouses.get(row.warehouseId)!;
  const customers = (): number => tables.locations.first('usage', 'customer')!.id;
  const back = (row: PickingType): number | null => tables.pickingTypes.where('warehouseId', row.warehouseId).find(({ kind }) => kind !== row.kind)?.id ?? null;
  return model<PickingType>({
    name: 'stock.picking.type', table: tables.pickingTypes, order: 'id', displayName: (row) => `${warehouse(row).name}: ${row.name}`,
    fields: {
      name: char((row) => row.name), code: selection((row) => row.kind), warehouse_id: many2one('stock.warehouse', (row) => row.warehouseId, 'warehouseId'),
      sequence_code: char((row) => (row.kind === 'incoming' ? 'IN' : 'OUT')), active: boolean(() => true),
      return_picking_type_id: many2one('stock.picking.type', back), default_location_dest_id: many2one('stock.location', (row) => (row.kind === 'incoming' ? warehouse(row).stockLocationId : customers())),
    },
  });
}

function quantModel(tables: ErpTables): Model {
  const place = (row: Quant): Location => tables.locations.get(row.locationId)!;
  return model<Quant>({
    name: 'stock.quant', table: tables.quants, order: 'id', displayName: (row) => completeName(tables, place(row)),
    fields: {
      product_id: many2one('product.product', (row) => row.variantId, 'variantId'),
      product_tmpl_id: many2one('product.template', (row) => tables.variants.get(row.variantId)!.itemId),
      product_categ_id: many2one('product.category', (row) => tables.items.get(tables.variants.get(row.variantId)!.itemId)!.categoryId),
      product_uom_id: many2one('uom.uom', (row) => tables.items.get(tables.variants.get(row.variantId)!.itemId)!.unitId),
      location_id: many2one('stock.location', (row) => row.locationId, 'locationId'), warehouse_id: many2one('stock.warehouse', (row) => place(row).warehouseId),
      quantity: float((row) => row.quantity), reserved_quantity: float((row) => row.reserved), available_quantity: float((row) => subtract(row.quantity, row.reserved)),
      inventory_quantity: float(() => '0'), lot_id: many2one('stock.lot', () => null), package_id: many2one('stock.package', () => null), owner_id: many2one('res.partner', () => null),
      company_id: many2one('res.company', (row) => (place(row).warehouseId === null ? null : 1)),
    },
    create: ({ engine }, values) => {
      const variant = tables.variants.get(Number(values['product_id']))!;
      const warehouse = [...tables.warehouses.all()].find((row) => row.stockLocationId === values['location_id'])!;
      engine.execute('set-stock', { sku: variant.sku, location: warehouse.code, quantity: values['inventory_quantity'] });
      return tables.quants.where('variantId', variant.id).find((quant) => quant.locationId === warehouse.stockLocationId)?.id ?? 0;
    },
    methods: { action_apply_inventory: { parameters: [], run: () => true } },
  });
}

